import { z } from 'zod';

/**
 * What is read of GitHub's answers. Fields are as the REST description has them (`issue`, `issue-comment`, …); everything
 * else is left out. Times are ISO with whole seconds.
 */

const time = z.string().transform((text, context) => {
  const parsed = Date.parse(text);
  if (Number.isNaN(parsed)) context.addIssue({ code: 'custom', message: 'is not a time' });
  return parsed;
});

/** `null` for what a deleted account ("ghost") or nobody wrote. */
const userSchema = z.object({ id: z.number(), login: z.string(), type: z.string().optional() }).nullish();

/** A label is an object, in old answers its name alone. */
const labelSchema = z
  .union([z.string(), z.object({ name: z.string().nullish() })])
  .transform((label) => (typeof label === 'string' ? label : (label.name ?? '')));

export const issueSchema = z.object({
  id: z.number(),
  number: z.number(),
  html_url: z.string(),
  repository_url: z.string().optional(),
  title: z.string(),
  body: z.string().nullish(),
  body_html: z.string().nullish(),
  user: userSchema,
  labels: z.array(labelSchema),
  comments: z.number(),
  created_at: time,
  updated_at: time,
  type: z.object({ name: z.string() }).nullish(),
  pull_request: z.unknown().optional(),
});

export const commentSchema = z.object({
  id: z.number(),
  /** What GraphQL knows it by. */
  node_id: z.string(),
  html_url: z.string(),
  issue_url: z.string(),
  body: z.string().nullish(),
  body_html: z.string().nullish(),
  user: userSchema,
  created_at: time,
  updated_at: time,
});

export const labelsSchema = z.array(labelSchema);
export const issuesSchema = z.array(issueSchema);
export const commentsSchema = z.array(commentSchema);

export const repositorySchema = z.object({
  id: z.number(),
  name: z.string(),
  full_name: z.string(),
  html_url: z.string(),
  private: z.boolean(),
  visibility: z.string().optional(),
  owner: z.object({ login: z.string(), type: z.string().optional() }),
  has_issues: z.boolean(),
  archived: z.boolean(),
  default_branch: z.string().optional(),
  permissions: z
    .object({
      admin: z.boolean().optional(),
      maintain: z.boolean().optional(),
      push: z.boolean().optional(),
      triage: z.boolean().optional(),
      pull: z.boolean().optional(),
    })
    .optional(),
});

export const accountSchema = z.object({ id: z.number(), login: z.string(), name: z.string().nullish() });

/** The answer may hold `null` for an organisation without types. */
export const issueTypesSchema = z.array(z.object({ name: z.string(), is_enabled: z.boolean().optional() })).nullable();

export const refSchema = z.object({ object: z.object({ sha: z.string() }) });
export const commitSchema = z.object({ sha: z.string(), tree: z.object({ sha: z.string() }) });
export const treeSchema = z.object({
  sha: z.string(),
  truncated: z.boolean().optional(),
  tree: z.array(z.object({ path: z.string().optional(), type: z.string().optional() })),
});
export const shaSchema = z.object({ sha: z.string() });

export const installationSchema = z.object({ id: z.number(), app_slug: z.string().optional() });
export const installationTokenSchema = z.object({ token: z.string().min(1), expires_at: time });

export type GitHubIssue = z.infer<typeof issueSchema>;
export type GitHubComment = z.infer<typeof commentSchema>;
export type GitHubRepository = z.infer<typeof repositorySchema>;
