import {
  CALM,
  CLEAR_PATH,
  type AnswerFaults,
  type ChaosSettings,
  type PathFaults,
} from '../../src/simulator/chaos-settings';

/** Chaos on the packets that the device receives. */
export function toDevice(faults: Partial<PathFaults>): ChaosSettings {
  return { ...CALM, toDevice: { ...CLEAR_PATH, ...faults } };
}

/** Chaos on the packets that the device sends. */
export function fromDevice(faults: Partial<PathFaults>): ChaosSettings {
  return { ...CALM, fromDevice: { ...CLEAR_PATH, ...faults } };
}

/** The same chaos both ways. */
export function bothWays(faults: Partial<PathFaults>): ChaosSettings {
  return { ...toDevice(faults), fromDevice: { ...CLEAR_PATH, ...faults } };
}

/** A device that answers wrongly. */
export function answering(faults: Partial<AnswerFaults>): ChaosSettings {
  return { ...CALM, answers: { ...CALM.answers, ...faults } };
}
