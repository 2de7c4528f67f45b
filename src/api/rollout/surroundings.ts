import type { ReplicaView as Heard } from '../../rollout/replicas';
import type { RolloutStore } from '../../rollout/rollout';
import type { ReplicaView, StoreView } from '../schemas/rollout';

/** The replicas that share the rollout, as the one named `self` sees them. */
export function replicasView(heard: readonly Heard[], self: string): ReplicaView[] {
  return heard.map(({ replica, revision, generation, percentage, devices, ageMs, differs }) => ({
    replica,
    revision,
    generation,
    percentage,
    devices,
    ageMs: Math.round(ageMs),
    self: replica === self,
    differs,
  }));
}

export function storeView({ kind, up, trouble, refused, unknowing, waiting }: RolloutStore): StoreView {
  const faults = [
    ...(up ? [] : [trouble ?? 'it has not answered yet']),
    ...(refused === undefined ? [] : [`what stands there is not believed: ${refused}`]),
    ...(unknowing ? ['it has not answered since the start, so nothing goes to the new transport'] : []),
  ];
  return {
    kind,
    healthy: faults.length === 0,
    detail: faults.length === 0 ? null : faults.join('; '),
    unstored: waiting,
  };
}
