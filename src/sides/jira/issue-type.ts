import { SallyportError } from '../../errors.ts';

export interface JiraType {
  readonly id: string;
  readonly name: string;
  readonly subtask: boolean;
}

/** What names a project's issue types. */
interface Typed {
  readonly project: { readonly key: string };
  readonly types: () => Promise<readonly JiraType[]>;
}

/** Sub-task types are never given: they would need a parent. */
export async function typeOf(parts: Typed, name: string | undefined): Promise<{ id: string }> {
  const types = (await parts.types()).filter((type) => !type.subtask);
  const wanted = name?.toLowerCase();
  const type = types.find((candidate) => candidate.name.toLowerCase() === wanted) ?? (name === undefined ? types[0] : undefined);
  if (type !== undefined) return { id: type.id };
  throw new SallyportError(
    `Project ${parts.project.key} has no issue type ${name ?? 'at all'}; add it to the project's scheme, or run initiate again.`,
    { kind: 'refused' },
  );
}
