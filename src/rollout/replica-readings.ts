import type { Lease } from '../store/lease';
import type { Replicas } from './replicas';

/** What a scrape reads of replicas and their leader. */
export function replicaReadings({ replicas, lease }: { readonly replicas: Replicas; readonly lease: Lease }) {
  return {
    replicas: () => replicas.list.length,
    revisionSkew: () => Number(replicas.skewed),
    leader: () => Number(lease.belief.held),
  };
}
