import { z } from 'zod';
import type { Check } from '../../core/result.ts';
import { SallyportError, kindOf } from '../../errors.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { heldPermissions, permissionsSchema } from '../jira/permissions.ts';
import { createJiraDcApi } from './api.ts';
import type { JiraDcApi } from './api.ts';
import type { JiraDcSite } from './hosts.ts';
import { readTypes } from './issue-types.ts';
import { myselfSchema, projectSchema } from './schemas.ts';
import { userIdOf } from './snapshots.ts';

export interface JiraDcFacts {
  readonly account: { readonly id: string; readonly displayName: string; readonly timeZone: string };
  readonly project: { readonly id: string; readonly key: string; readonly name: string };
  readonly attachmentBytesMax: number;
}

const attachmentMetaSchema = z.object({ enabled: z.boolean(), uploadLimit: z.number() });

/** Without these a sync cannot run; permission keys of Jira and their names in its permission scheme. */
const needed: readonly (readonly [string, string])[] = [
  ['BROWSE_PROJECTS', 'Browse Projects'],
  ['CREATE_ISSUES', 'Create Issues'],
  ['EDIT_ISSUES', 'Edit Issues'],
  ['ADD_COMMENTS', 'Add Comments'],
  ['EDIT_OWN_COMMENTS', 'Edit Own Comments'],
  ['DELETE_OWN_COMMENTS', 'Delete Own Comments'],
  ['CREATE_ATTACHMENTS', 'Create Attachments'],
  ['DELETE_OWN_ATTACHMENTS', 'Delete Own Attachments'],
];

/** Without these something of the Basic rules stays undone, each with what. */
const wanted: readonly (readonly [string, string, string])[] = [
  ['EDIT_ALL_COMMENTS', 'Edit All Comments', "an edit of a comment's copy on the Jira Cloud side cannot be written back"],
];

/**
 * Looks at a project of Jira Data Center as `accept` does: reachable, whose token it is, permissions, issue types, attachments.
 *
 * @throws SallyportError where nothing can be told: not reachable, a wrong token, no such project
 */
export async function inspectProject(options: {
  readonly gateway: Gateway;
  readonly site: JiraDcSite;
  readonly projectKey: string;
}): Promise<{ readonly checks: readonly Check[]; readonly facts: JiraDcFacts }> {
  const api = createJiraDcApi(options);
  const myself = await api.read(myselfSchema, { path: '/myself', purpose: 'control', what: 'the account of the token' });
  const project = await projectOf(api, options.projectKey);
  const held = await readPermissions(api, project.id);
  const types = await readTypes(api, project, 'control');
  const files = await api.read(attachmentMetaSchema, {
    path: '/attachment/meta',
    purpose: 'control',
    what: 'the limits of attachments',
  });
  const has = (key: string): boolean => held.includes(key);
  const checks: readonly Check[] = [
    passed('token', `${api.host} knows it as ${myself.displayName}`),
    passed('project', `${project.key} is there`),
    permissionCheck(
      needed.filter(([key]) => !has(key)).map(([, name]) => name),
      { account: myself.displayName, project: project.key },
    ),
    ...wanted.filter(([key]) => !has(key)).map(([, name, lost]) => wantedCheck(name, lost)),
    typesCheck(
      types.filter((type) => !type.subtask).map((type) => type.name),
      project.key,
    ),
    attachmentCheck(files.enabled),
  ];
  const account = { id: userIdOf(myself), displayName: myself.displayName, timeZone: myself.timeZone };
  return { checks, facts: { account, project, attachmentBytesMax: files.uploadLimit } };
}

/** Of the permissions that a sync needs or wants those that the account has in the project, by their keys, sorted. */
export async function readPermissions(api: JiraDcApi, projectId: string): Promise<readonly string[]> {
  const answer = await api.read(permissionsSchema, {
    path: '/mypermissions',
    query: { projectId },
    purpose: 'control',
    what: 'the permissions of the account',
  });
  const asked = new Set([...needed, ...wanted].map(([key]) => key));
  return heldPermissions(answer).filter((key) => asked.has(key));
}

async function projectOf(api: JiraDcApi, key: string): Promise<{ id: string; key: string; name: string }> {
  try {
    const path = `/project/${encodeURIComponent(key)}`;
    return await api.read(projectSchema, { path, purpose: 'control', what: `project ${key}` });
  } catch (error) {
    if (kindOf(error) !== 'gone') throw error;
    throw new SallyportError(
      `${api.host} has no project ${key}, or does not show it to the account. Check the key, and grant the account "Browse Projects".`,
      { kind: 'permission', cause: error },
    );
  }
}

function passed(name: string, detail: string): Check {
  return { name, outcome: 'passed', detail, next: undefined };
}

function permissionCheck(missing: readonly string[], where: { readonly account: string; readonly project: string }): Check {
  if (missing.length === 0) return passed('permissions', `${where.account} may do all that is needed in ${where.project}`);
  return {
    name: 'permissions',
    outcome: 'failed',
    detail: `${where.account} lacks in ${where.project}: ${missing.join(', ')}`,
    next: "Grant them in the project's permission scheme, then run accept again.",
  };
}

function wantedCheck(name: string, lost: string): Check {
  return {
    name: 'permissions',
    outcome: 'warning',
    detail: `without "${name}" ${lost}`,
    next: `Grant "${name}", if that is to cross.`,
  };
}

function typesCheck(names: readonly string[], project: string): Check {
  if (names.length > 0) return passed('issue types', names.join(', '));
  return {
    name: 'issue types',
    outcome: 'failed',
    detail: `${project} has no issue type that an issue can be created with`,
    next: "Add one to the project's issue type scheme.",
  };
}

function attachmentCheck(enabled: boolean): Check {
  if (enabled) return passed('attachments', 'the server takes them');
  return {
    name: 'attachments',
    outcome: 'warning',
    detail: 'the server takes no attachments, so none cross to it',
    next: 'Switch them on in the administration, if they are to cross.',
  };
}
