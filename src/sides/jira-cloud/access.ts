import { getMyPermissions, getProjectRoleDetails } from 'jira.js/cloud';
import { z } from 'zod';
import { kindOf } from '../../errors.ts';
import { parsed } from '../jira/answers.ts';
import { heldPermissions, permissionsSchema } from '../jira/permissions.ts';
import type { JiraApi } from './client.ts';

/** What a sync cannot do without. */
export const permissionNames: Readonly<Record<string, string>> = {
  BROWSE_PROJECTS: 'Browse projects',
  CREATE_ISSUES: 'Create issues',
  EDIT_ISSUES: 'Edit issues',
  ADD_COMMENTS: 'Add comments',
  EDIT_OWN_COMMENTS: 'Edit own comments',
  DELETE_OWN_COMMENTS: 'Delete own comments',
  CREATE_ATTACHMENTS: 'Create attachments',
  DELETE_OWN_ATTACHMENTS: 'Delete own attachments',
};

/** Wanted so that edits of a copied comment come back to its origin, which other people wrote. */
export const wantedNames: Readonly<Record<string, string>> = { EDIT_ALL_COMMENTS: 'Edit all comments' };

/** The names of the permissions that are not among those held, which are given by their keys. */
export function lackingNames(names: Readonly<Record<string, string>>, held: readonly string[]): readonly string[] {
  return Object.entries(names).flatMap(([key, name]) => (held.includes(key) ? [] : [name]));
}

/** Of the permissions that a sync needs or wants those that the account has in the project, by their keys, sorted. */
export async function readPermissions(api: JiraApi, projectId: string): Promise<readonly string[]> {
  const keys = [...Object.keys(permissionNames), ...Object.keys(wantedNames)];
  const answer = await getMyPermissions(api.clientFor('control'), { projectId, permissions: keys.join(',') });
  return heldPermissions(parsed(permissionsSchema, answer, 'the permissions'));
}

const rolesSchema = z.array(z.object({ name: z.string() }));

/**
 * Permissions, and the project's roles of which the account is a member, as `role NAME`: comments that are restricted to a
 * role look removed to whoever lost it. Where the site does not show roles to the account, permissions alone.
 */
export async function readAccess(api: JiraApi, projectId: string): Promise<readonly string[]> {
  return [...(await readPermissions(api, projectId)), ...(await readRoles(api, projectId))];
}

async function readRoles(api: JiraApi, projectId: string): Promise<readonly string[]> {
  try {
    const answer = await getProjectRoleDetails(api.clientFor('control'), { projectIdOrKey: projectId, currentMember: true });
    return parsed(rolesSchema, answer, 'the roles')
      .map(({ name }) => `role ${name}`)
      .toSorted();
  } catch (error) {
    const kind = kindOf(error);
    if (kind === 'permission' || kind === 'gone' || kind === 'refused') return [];
    throw error;
  }
}
