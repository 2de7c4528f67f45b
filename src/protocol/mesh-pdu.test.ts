import fc from 'fast-check';
import { fromHex, toHex } from './hex';
import { ALL_NODES, decodeMeshPdu, encodeMeshPdu, MESH_OP } from './mesh-pdu';

describe('mesh PDU', () => {
  it('is written and read as captured', () => {
    const captured = fromHex('040000 0700 ffff db 1102 01016464') as Uint8Array;
    const pdu = {
      sequence: 4,
      source: 7,
      destination: ALL_NODES,
      op: MESH_OP.status,
      parameters: Uint8Array.of(1, 1, 0x64, 0x64),
    };
    expect(decodeMeshPdu(captured)).toEqual(pdu);
    expect(toHex(encodeMeshPdu(pdu))).toBe(toHex(captured));
  });

  it('comes back from its bytes, whatever it says', () => {
    const pdus = fc.record({
      sequence: fc.nat(0xffffff),
      source: fc.nat(0xffff),
      destination: fc.nat(0xffff),
      op: fc.nat(0xff),
      parameters: fc.uint8Array({ maxLength: 20 }),
    });
    fc.assert(
      fc.property(pdus, (pdu) => {
        expect(decodeMeshPdu(encodeMeshPdu(pdu))).toEqual(pdu);
      }),
    );
  });

  it('needs its ten fixed bytes', () => {
    expect(decodeMeshPdu(new Uint8Array(9))).toBeUndefined();
    expect(decodeMeshPdu(new Uint8Array(10))?.parameters).toHaveLength(0);
  });
});
