import { z } from 'zod';

/** What `mypermissions` of both Jiras answers. */
export const permissionsSchema = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: z.boolean().catch(false) })),
});

/** The keys that the account has, sorted. */
export function heldPermissions(answer: z.infer<typeof permissionsSchema>): readonly string[] {
  return Object.entries(answer.permissions)
    .filter(([, { havePermission }]) => havePermission)
    .map(([key]) => key)
    .toSorted();
}
