import type { Context } from 'hono';
import { z } from 'zod';
import { JiraProblem } from '../jira-cloud/problem.ts';
import type { UserRecord, World } from './data.ts';

export interface ServerLimits {
  /** Bytes of an attachment. Default 10,485,760. */
  readonly uploadBytes: number;
  /** Issues a page of a search holds at most, whatever is asked for. Default 1,000. */
  readonly issuesPerPage: number;
  /** Requests that a user has in hand, refilled by one a second; undefined: the administrator set no limit. */
  readonly requestBudget: number | undefined;
}

/** What all routes share. */
export interface Server {
  readonly world: World;
  readonly limits: ServerLimits;
  /** Whether `expand=properties` shows those of comments. */
  readonly expandsCommentProperties: boolean;
}

export interface JiraDcEnvironment {
  readonly Variables: { readonly user: UserRecord };
}
export type JiraDcContext = Context<JiraDcEnvironment>;

/** A JSON body by a schema. @throws JiraProblem 400 */
export async function bodyOf<T>(context: JiraDcContext, schema: z.ZodType<T>): Promise<T> {
  const value: unknown = await context.req.json().catch(() => undefined);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new JiraProblem(400, `Can not deserialize the request: ${result.error.issues[0]?.message ?? ''}`);
}

export function listOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').filter((entry) => entry !== '');
}

export const propertiesSchema = z.array(z.object({ key: z.string().max(255), value: z.unknown() }));

const propertyCharactersMax = 32_768;

/** @throws JiraProblem 400 for a value that is too long */
export function checkProperties(properties: z.infer<typeof propertiesSchema>): ReadonlyMap<string, unknown> {
  for (const { key, value } of properties) {
    if (JSON.stringify(value).length > propertyCharactersMax)
      throw new JiraProblem(400, `The property ${key} is longer than ${propertyCharactersMax} characters.`);
  }
  return new Map(properties.map(({ key, value }) => [key, value]));
}
