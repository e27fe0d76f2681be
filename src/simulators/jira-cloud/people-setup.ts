import { accountOf, findProject } from './data.ts';
import type { AccountRecord, IssueTypeRecord, ProjectRecord, World } from './data.ts';
import type { AccountOptions, People, Person, ProjectOptions, TypeOptions } from './people.ts';
import { accountData, projectData } from './people-view.ts';
import { memberPermissions } from './permissions.ts';

/** What an administrator of the simulated site does: accounts, projects, permissions, tokens. */
export type PeopleSetup = Pick<
  People,
  | 'addAccount'
  | 'addProject'
  | 'setPermissions'
  | 'setRoles'
  | 'revokeToken'
  | 'restoreToken'
  | 'userProperties'
  | 'setUserProperty'
>;

const usualTypes: readonly TypeOptions[] = [
  { name: 'Epic' },
  { name: 'Story' },
  { name: 'Task' },
  { name: 'Bug' },
  { name: 'Sub-task', subtask: true },
];

export function createPeopleSetup(world: World): PeopleSetup {
  return {
    addAccount: (options) => {
      const account = newAccount(world, options);
      world.accounts.set(account.accountId, account);
      return accountData(account);
    },
    addProject: (options) => {
      const project = newProject(world, options);
      world.projects.set(project.id, project);
      return projectData(project);
    },
    setPermissions: (person, permissions, project) => {
      const account = personOf(world, person);
      if (project === undefined) account.permissions = new Set(permissions);
      else account.projectPermissions.set(requiredProject(world, project).id, new Set(permissions));
    },
    setRoles: (person, roles) => {
      personOf(world, person).roles = roles === 'all' ? 'all' : new Set(roles);
    },
    revokeToken: (person) => {
      personOf(world, person).tokenRevoked = true;
    },
    restoreToken: (person, apiToken) => {
      const account = personOf(world, person);
      account.tokenRevoked = false;
      account.apiToken = apiToken ?? account.apiToken;
    },
    userProperties: (person) => Object.fromEntries(personOf(world, person).properties),
    setUserProperty: (person, key, value) => void personOf(world, person).properties.set(key, value),
  };
}

export function personOf(world: World, person: Person): AccountRecord {
  return accountOf(world, typeof person === 'string' ? person : person.accountId);
}

export function requiredProject(world: World, idOrKey: string): ProjectRecord {
  const project = findProject(world, idOrKey);
  if (project === undefined) throw new Error(`There is no project ${idOrKey}.`);
  return project;
}

function newAccount(world: World, options: AccountOptions): AccountRecord {
  const number = world.nextId('account');
  return {
    // The form of today's account ids, which clients must not take apart: digits, colon, UUID.
    accountId: `712020:${world.uuid()}`,
    displayName: options.displayName,
    email: options.email ?? `person-${number}@example.org`,
    apiToken: options.apiToken ?? `token-of-${number}`,
    scoped: options.scoped ?? false,
    tokenRevoked: false,
    timeZone: options.timeZone ?? 'Etc/UTC',
    permissions: new Set(options.permissions ?? memberPermissions),
    projectPermissions: new Map(),
    roles: options.roles === undefined ? 'all' : new Set(options.roles),
    properties: new Map(),
  };
}

function newProject(world: World, options: ProjectOptions): ProjectRecord {
  if (findProject(world, options.key) !== undefined) throw new Error(`There is a project ${options.key} already.`);
  const types = (options.types ?? usualTypes).map((type) => newType(world, typeof type === 'string' ? { name: type } : type));
  const defaultType = types.find((type) => type.name === options.defaultIssueTypeName);
  if (options.defaultIssueTypeName !== undefined && defaultType === undefined) {
    throw new Error(`The default issue type ${options.defaultIssueTypeName} is none of the project's types.`);
  }
  return {
    id: world.nextId('project'),
    uuid: world.uuid(),
    key: options.key,
    name: options.name,
    style: options.style ?? 'classic',
    types,
    defaultIssueTypeId: defaultType?.id,
    issueTypeSchemeReadable: options.issueTypeSchemeReadable ?? false,
    fields: (options.fields ?? []).map((field) => ({ ...field, required: field.required ?? false })),
    properties: new Map(),
    lastNumber: 0,
  };
}

function newType(world: World, type: TypeOptions): IssueTypeRecord {
  const subtask = type.subtask ?? false;
  const hierarchyLevel = subtask ? -1 : type.name === 'Epic' ? 1 : 0;
  return { id: world.nextId('issueType'), name: type.name, subtask, hierarchyLevel, locked: type.locked ?? false };
}
