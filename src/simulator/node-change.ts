import { LEAVE, SWITCH_MODES, TONE_RGB } from '../protocol/actions';
import { MESH_OP, type MeshPdu } from '../protocol/mesh-pdu';
import type { SimulatedNode } from './mesh';

/** First parameter of a setting that sets the switch mode, and of colour commands (protocol 2.7). */
export const SETTING_SWITCH_MODE = 0x01;
const COLOR_RGB = 0x04;
const COLOR_TONE = 0x05;
const COLOR_LIGHT_SHOW = 0x07;
const TONE_EFFECT = 0x81;

type Effect = (node: SimulatedNode, parameters: Uint8Array) => SimulatedNode;

const EFFECTS: Readonly<Record<number, Effect>> = {
  [MESH_OP.power]: (node, [state]) => ({ ...node, on: state === 1 }),
  [MESH_OP.brightness]: (node, [level]) => ({ ...node, brightness: level ?? node.brightness }),
  [MESH_OP.color]: colored,
  [MESH_OP.combined]: combined,
  [MESH_OP.setting]: withSetting,
};

/** The node after it carried out a command; the same object when the command means nothing to it. Pure. */
export function changedNode(node: SimulatedNode, pdu: MeshPdu): SimulatedNode {
  return EFFECTS[pdu.op]?.(node, pdu.parameters) ?? node;
}

function colored(node: SimulatedNode, parameters: Uint8Array): SimulatedNode {
  const [what, first, second, third] = parameters;
  if (what === COLOR_TONE) return { ...node, tone: first ?? node.tone };
  if (what === COLOR_RGB) return { ...node, tone: TONE_RGB, rgb: [first ?? 0, second ?? 0, third ?? 0] };
  if (what === COLOR_LIGHT_SHOW) return { ...node, on: true, tone: TONE_EFFECT };
  return node;
}

function combined(node: SimulatedNode, parameters: Uint8Array): SimulatedNode {
  const [state, brightness, tone, r, g, b] = parameters;
  return {
    ...node,
    on: setOr(Number(node.on), state) === 1,
    brightness: setOr(node.brightness, brightness),
    tone: setOr(node.tone, tone),
    rgb: tone === TONE_RGB ? [r ?? 0, g ?? 0, b ?? 0] : node.rgb,
  };
}

function setOr(present: number, wanted: number | undefined): number {
  return wanted === undefined || wanted === LEAVE ? present : wanted;
}

function withSetting(node: SimulatedNode, [what, mode]: Uint8Array): SimulatedNode {
  if (what !== SETTING_SWITCH_MODE) return node;
  return { ...node, mode: SWITCH_MODES[(mode ?? 0) - 1] ?? node.mode };
}
