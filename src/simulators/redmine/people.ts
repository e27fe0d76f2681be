import { createHash } from 'node:crypto';
import { changeIssue, createIssue, editNote, removeAttachment } from './changes.ts';
import type {
  AttachmentRecord,
  IssueRecord,
  IssuesVisibility,
  JournalRecord,
  ProjectRecord,
  RoleRecord,
  TrackerRecord,
  UserRecord,
  World,
} from './data.ts';
import { projectOf, trackerOf } from './data.ts';

/** What a member of a project may do: of the role Manager of a fresh Redmine what concerns issues. */
export const memberPermissions: readonly string[] = [
  'view_issues',
  'add_issues',
  'edit_issues',
  'add_issue_notes',
  'edit_issue_notes',
  'edit_own_issue_notes',
  'view_private_notes',
  'set_notes_private',
];

export interface NoteData {
  readonly id: string;
  /** Never given twice, unlike the number. */
  readonly serial: number;
  readonly author: string;
  readonly text: string;
  readonly isPrivate: boolean;
}

export interface IssueData {
  readonly id: string;
  readonly project: string;
  readonly subject: string;
  readonly description: string;
  readonly tracker: string;
  readonly author: string;
  /** By the name of the custom field. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** Entries of the journal that say something. */
  readonly notes: readonly NoteData[];
  readonly attachments: readonly AttachmentRecord[];
}

/** What members of a role may do and see; without it all that a sync needs, and all issues. */
export interface RoleOptions {
  readonly permissions?: readonly string[];
  readonly issuesVisibility?: IssuesVisibility;
}

/** Persons who act on the simulated server by their log-ins, in the browser, and look at its data. */
export interface RedminePeople {
  addUser(user: {
    readonly login: string;
    readonly firstname: string;
    readonly lastname: string;
    readonly apiKey?: string;
    readonly isAdmin?: boolean;
  }): UserRecord;
  addProject(project: {
    readonly identifier: string;
    readonly name?: string;
    readonly trackers?: readonly string[];
  }): ProjectRecord;
  /** Makes a member of a project, with a role that has these permissions. */
  admit(login: string, identifier: string, role?: RoleOptions): void;
  expel(login: string, identifier: string): void;
  /** The number of a user. */
  accountOf(login: string): number;
  /** Undefined takes it away. */
  setApiKey(login: string, key: string | undefined): void;
  /** The fields that no account may write by the API from now on, as the workflow's permissions of fields say; they are passed over. */
  setReadOnly(fields: readonly ('subject' | 'description')[]): void;
  /** An administrator switches the standard field Description of a tracker off. */
  switchDescriptionOff(tracker: string): void;
  createIssue(issue: {
    readonly project: string;
    readonly as: string;
    readonly subject: string;
    readonly description?: string;
    readonly tracker?: string;
    readonly fields?: Readonly<Record<string, string>>;
  }): IssueData;
  editIssue(
    id: string,
    edit: {
      readonly as: string;
      readonly subject?: string;
      readonly description?: string;
      readonly tracker?: string;
      readonly fields?: Readonly<Record<string, string>>;
    },
  ): IssueData;
  deleteIssue(id: string): void;
  moveIssue(id: string, move: { readonly as: string; readonly to: string }): void;
  addNote(id: string, note: { readonly as: string; readonly text: string; readonly isPrivate?: boolean }): NoteData;
  /** An empty text removes it. */
  editNote(id: string, note: { readonly id: string; readonly text: string }): void;
  attach(
    id: string,
    file: { readonly as: string; readonly name: string; readonly bytes: Uint8Array; readonly contentType?: string },
  ): AttachmentRecord;
  detach(id: string, file: { readonly as: string; readonly id: number }): void;
  issues(): readonly IssueData[];
  issue(id: string): IssueData | undefined;
}

/** Browsers send the text of forms with CRLF. */
function formText(text: string): string {
  return text.replaceAll(/\r\n?|\n/g, '\r\n');
}

export function createPeople(world: World): RedminePeople {
  return { ...setUpActs(world), ...issueActs(world), ...itemActs(world) };
}

type SetUpActs = Pick<
  RedminePeople,
  'addUser' | 'addProject' | 'admit' | 'expel' | 'accountOf' | 'setApiKey' | 'setReadOnly' | 'switchDescriptionOff'
>;

function setUpActs(world: World): SetUpActs {
  const trackers = new Map<string, TrackerRecord>();
  const trackerNamed = (name: string): TrackerRecord => {
    const tracker = trackers.get(name) ?? { id: world.nextId('trackers'), name };
    trackers.set(name, tracker);
    return tracker;
  };
  return {
    switchDescriptionOff: (name) => void world.withoutDescription.add(trackerNamed(name).id),
    setReadOnly: (fields) => {
      world.readOnly.clear();
      for (const field of fields) world.readOnly.add(field);
    },
    addUser: ({ login, firstname, lastname, apiKey, isAdmin }) => {
      const user: UserRecord = { id: world.nextId('users'), login, firstname, lastname, apiKey, isAdmin: isAdmin === true };
      world.users.set(user.id, user);
      return user;
    },
    addProject: ({ identifier, name = identifier, trackers: names = ['Bug', 'Feature', 'Support', 'Task'] }) => {
      const project: ProjectRecord = { id: world.nextId('projects'), identifier, name, trackers: names.map(trackerNamed) };
      world.projects.set(project.id, project);
      return project;
    },
    admit: (login, identifier, { permissions = memberPermissions, issuesVisibility = 'all' } = {}) => {
      const [userId, projectId] = [named(world, login).id, requiredProject(world, identifier).id];
      const id = world.nextId('roles');
      const role: RoleRecord = { id, name: `Role ${id}`, permissions: new Set(permissions), issuesVisibility };
      world.roles.set(id, role);
      const member = world.members.find((one) => one.userId === userId && one.projectId === projectId);
      if (member === undefined) world.members.push({ id: world.nextId('members'), userId, projectId, roleId: id });
      else member.roleId = id;
    },
    expel: (login, identifier) => {
      const [userId, projectId] = [named(world, login).id, requiredProject(world, identifier).id];
      world.members = world.members.filter((one) => one.userId !== userId || one.projectId !== projectId);
    },
    accountOf: (login) => named(world, login).id,
    setApiKey: (login, key) => {
      named(world, login).apiKey = key;
    },
  };
}

function named(world: World, login: string): UserRecord {
  const user = [...world.users.values()].find((candidate) => candidate.login === login);
  if (user === undefined) throw new Error(`There is no user ${login}.`);
  return user;
}

function required(world: World, id: string): IssueRecord {
  const issue = world.issues.get(Number(id));
  if (issue === undefined) throw new Error(`There is no issue ${id}.`);
  return issue;
}

function requiredProject(world: World, identifier: string | number): ProjectRecord {
  const project = projectOf(world, identifier);
  if (project === undefined) throw new Error(`There is no project ${identifier}.`);
  return project;
}

function trackerIn(project: ProjectRecord, name: string | undefined): TrackerRecord {
  const tracker = name === undefined ? project.trackers[0] : project.trackers.find((candidate) => candidate.name === name);
  if (tracker === undefined) throw new Error(`Project ${project.identifier} has no tracker ${name}.`);
  return tracker;
}

function fieldsNamed(world: World, fields: Readonly<Record<string, string>> | undefined): ReadonlyMap<number, string> {
  const known = new Map(world.fields.map(({ id, name }) => [name, id]));
  return new Map(Object.entries(fields ?? {}).map(([name, value]) => [known.get(name) ?? 0, value]));
}

type IssueActs = Pick<RedminePeople, 'createIssue' | 'editIssue' | 'deleteIssue' | 'moveIssue' | 'issues' | 'issue'>;

function issueActs(world: World): IssueActs {
  return {
    createIssue: ({ project: identifier, as, subject, description, tracker, fields }) => {
      const project = requiredProject(world, identifier);
      const issue = createIssue(world, {
        project,
        tracker: trackerIn(project, tracker),
        authorId: named(world, as).id,
        subject,
        description: description ?? null,
        fields: fieldsNamed(world, fields),
      });
      return dataOf(world, issue);
    },
    editIssue: (id, { as, subject, description, tracker, fields }) => {
      const issue = required(world, id);
      changeIssue(world, issue, {
        by: named(world, as).id,
        what: {
          ...(subject === undefined ? {} : { subject }),
          ...(description === undefined ? {} : { description }),
          ...(tracker === undefined ? {} : { tracker: trackerIn(requiredProject(world, issue.projectId), tracker) }),
          fields: fieldsNamed(world, fields),
        },
      });
      return dataOf(world, issue);
    },
    deleteIssue: (id) => void world.issues.delete(required(world, id).id),
    moveIssue: (id, { as, to }) => {
      const project = requiredProject(world, to);
      changeIssue(world, required(world, id), { by: named(world, as).id, what: { project } });
    },
    issues: () => [...world.issues.values()].map((issue) => dataOf(world, issue)),
    issue: (id) => {
      const issue = world.issues.get(Number(id));
      return issue && dataOf(world, issue);
    },
  };
}

type ItemActs = Pick<RedminePeople, 'addNote' | 'editNote' | 'attach' | 'detach'>;

function itemActs(world: World): ItemActs {
  return {
    addNote: (id, { as, text, isPrivate }) => {
      const issue = required(world, id);
      changeIssue(world, issue, {
        by: named(world, as).id,
        what: { notes: formText(text), isPrivate: isPrivate === true },
      });
      const journal = issue.journals.at(-1);
      if (journal === undefined) throw new Error('The note says nothing.');
      return noteData(world, journal);
    },
    editNote: (id, note) => editNote(required(world, id), Number(note.id), formText(note.text)),
    attach: (id, { as, name, bytes, contentType }) => {
      const file: AttachmentRecord = {
        id: world.nextId('attachments'),
        digest: createHash('sha256').update(bytes).digest('hex'),
        authorId: named(world, as).id,
        createdAt: world.clock.now(),
        bytes,
        filename: name,
        contentType: contentType ?? 'application/octet-stream',
      };
      changeIssue(world, required(world, id), { by: file.authorId, what: { files: [file] } });
      return file;
    },
    detach: (id, { as, id: number }) => {
      const issue = required(world, id);
      const attachment = issue.attachments.find((candidate) => candidate.id === number);
      if (attachment === undefined) throw new Error(`There is no file ${number}.`);
      removeAttachment(world, { issue, attachment, by: named(world, as).id });
    },
  };
}

function noteData(world: World, journal: JournalRecord): NoteData {
  const author = world.users.get(journal.userId)?.login ?? '';
  return { id: String(journal.id), serial: journal.serial, author, text: journal.notes ?? '', isPrivate: journal.isPrivate };
}

function dataOf(world: World, issue: IssueRecord): IssueData {
  return {
    id: String(issue.id),
    project: world.projects.get(issue.projectId)?.identifier ?? '',
    subject: issue.subject,
    description: issue.description ?? '',
    tracker: trackerOf(world, issue)?.name ?? '',
    author: world.users.get(issue.authorId)?.login ?? '',
    fields: Object.fromEntries(world.fields.map(({ id, name }) => [name, issue.fields.get(id) ?? null])),
    notes: issue.journals.filter(({ notes }) => (notes ?? '').trim() !== '').map((journal) => noteData(world, journal)),
    attachments: [...issue.attachments],
  };
}
