import { actionFrame, type Action } from '../protocol/actions';
import { decodeMeshPdu, type MeshPdu } from '../protocol/mesh-pdu';
import { FAMILIES } from './families';
import { changedNode } from './node-change';
import { newNode } from './population';

const lamp = newNode(5, FAMILIES.bulb);

function pduOf(action: Action): MeshPdu {
  return decodeMeshPdu(actionFrame(action, 5, 1).data) as MeshPdu;
}

function pdu(op: number, ...parameters: readonly number[]): MeshPdu {
  return { sequence: 1, source: 0, destination: 5, op, parameters: Uint8Array.from(parameters) };
}

describe('what a command does to a node', () => {
  test('power switches on and off and touches nothing else', () => {
    const on = changedNode(lamp, pduOf({ command: 'power', on: true }));
    expect(on).toEqual({ ...lamp, on: true });
    expect(changedNode(on, pduOf({ command: 'power', on: false }))).toEqual(lamp);
  });

  test('a combined set changes brightness and leaves the rest', () => {
    expect(changedNode(lamp, pduOf({ command: 'brightness', level: 39 }))).toEqual({
      ...lamp,
      on: true,
      brightness: 39,
    });
  });

  test('a combined set changes the white tone', () => {
    expect(changedNode(lamp, pduOf({ command: 'temperature', level: 72 }))).toEqual({
      ...lamp,
      on: true,
      tone: 72,
    });
  });

  test('a combined set with tone FE changes the colour', () => {
    expect(changedNode(lamp, pduOf({ command: 'color', r: 0, g: 251, b: 255 }))).toEqual({
      ...lamp,
      on: true,
      tone: 0xfe,
      rgb: [0, 251, 255],
    });
  });

  test('a combined set with FF everywhere changes nothing', () => {
    expect(changedNode(lamp, pdu(0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))).toEqual(lamp);
  });

  test('D2 changes the brightness', () => {
    expect(changedNode(lamp, pdu(0xd2, 17)).brightness).toBe(17);
  });

  test('E2 changes the tone, the colour, or starts a light show', () => {
    expect(changedNode(lamp, pdu(0xe2, 0x05, 33)).tone).toBe(33);
    expect(changedNode(lamp, pdu(0xe2, 0x04, 1, 2, 3))).toMatchObject({ tone: 0xfe, rgb: [1, 2, 3] });
    expect(changedNode(lamp, pduOf({ command: 'show', name: 'rainbow' }))).toMatchObject({
      on: true,
      tone: 0x81,
    });
  });

  test('a setting changes the switch mode', () => {
    const smart = changedNode(lamp, pduOf({ command: 'mode', mode: 'smart' }));
    expect(smart.mode).toBe('smart');
    expect(changedNode(smart, pduOf({ command: 'mode', mode: 'traditional' })).mode).toBe('traditional');
  });

  test('an operation or parameters it does not know change nothing', () => {
    expect(changedNode(lamp, pdu(0x99, 1, 2, 3))).toBe(lamp);
    expect(changedNode(lamp, pdu(0xe2, 0x42))).toBe(lamp);
    expect(changedNode(lamp, pdu(0xf7, 0x0c, 1))).toBe(lamp);
    expect(changedNode(lamp, pdu(0xf0))).toEqual(lamp);
  });
});
