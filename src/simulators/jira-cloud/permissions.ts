/** The permissions that the simulator knows, with Jira's keys. The first two are global, the others belong to projects. */
export const permissionNames = [
  'ADMINISTER',
  'USER_PICKER',
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'EDIT_ISSUES',
  'DELETE_ISSUES',
  'MOVE_ISSUES',
  'ADD_COMMENTS',
  'EDIT_OWN_COMMENTS',
  'EDIT_ALL_COMMENTS',
  'DELETE_OWN_COMMENTS',
  'DELETE_ALL_COMMENTS',
  'CREATE_ATTACHMENTS',
  'DELETE_OWN_ATTACHMENTS',
  'DELETE_ALL_ATTACHMENTS',
  'SET_ISSUE_SECURITY',
  'ADMINISTER_PROJECTS',
] as const;

export type Permission = (typeof permissionNames)[number];

export const globalPermissions: ReadonlySet<Permission> = new Set<Permission>(['ADMINISTER', 'USER_PICKER']);

/** What a new account may do unless told otherwise: the work of a member of the project, no administration. */
export const memberPermissions: readonly Permission[] = [
  'USER_PICKER',
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'EDIT_ISSUES',
  'MOVE_ISSUES',
  'ADD_COMMENTS',
  'EDIT_OWN_COMMENTS',
  'DELETE_OWN_COMMENTS',
  'CREATE_ATTACHMENTS',
  'DELETE_OWN_ATTACHMENTS',
];

export function isPermission(name: string): name is Permission {
  return permissionNames.some((known) => known === name);
}
