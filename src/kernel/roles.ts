/** What a caller of the API may be. An admin may do everything. */
export const ROLES = ['viewer', 'app', 'operator', 'hook', 'admin'] as const;
export type Role = (typeof ROLES)[number];
