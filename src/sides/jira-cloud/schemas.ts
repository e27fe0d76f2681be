import { z } from 'zod';

/**
 * What Jira answers, as far as it is used. Lenient: unknown keys are left out, missing ones have their meaning. But a listing
 * whose entries do not fit, or an issue without a field that every issue has, is an error and never an empty one: silence would
 * read as removal.
 */

export const userSchema = z.object({ accountId: z.string(), displayName: z.string().catch('Somebody') });

export const propertySchema = z.object({ key: z.string(), value: z.unknown() });

export const commentSchema = z.object({
  id: z.string(),
  author: userSchema.optional().catch(undefined),
  body: z.unknown(),
  created: z.string(),
  updated: z.string().optional(),
  visibility: z.unknown().optional(),
  jsdPublic: z.boolean().optional(),
  properties: z.array(propertySchema).optional(),
});
export type JiraComment = z.infer<typeof commentSchema>;

export const attachmentSchema = z.object({
  id: z.coerce.string(),
  filename: z.string().catch('file'),
  size: z.number().optional(),
  mimeType: z.string().optional(),
  created: z.string().optional(),
  author: userSchema.optional().catch(undefined),
});
export type JiraAttachment = z.infer<typeof attachmentSchema>;

/** Without a total, pages are read until one is empty. */
const commentPage = z.object({ comments: z.array(commentSchema), total: z.number().catch(Number.POSITIVE_INFINITY) });

export const issueSchema = z.object({
  id: z.string(),
  key: z.string(),
  fields: z.object({
    summary: z.string().nullable(),
    description: z.unknown(),
    issuetype: z.object({ id: z.string(), name: z.string() }),
    comment: commentPage.optional(),
    attachment: z.array(attachmentSchema).optional(),
    creator: userSchema.nullish().catch(undefined),
    created: z.string(),
    updated: z.string(),
    project: z.object({ id: z.string(), key: z.string() }),
    security: z.unknown().optional(),
  }),
  properties: z.record(z.string(), z.unknown()).optional(),
});
export type JiraIssue = z.infer<typeof issueSchema>;

export const bulkIssuesSchema = z.object({ issues: z.array(issueSchema) });
/** The properties alone, of issues that were read before. */
export const bulkPropertiesSchema = z.object({ issues: z.array(issueSchema.pick({ id: true, properties: true })) });
export const commentsSchema = commentPage;
export const commentValuesSchema = z.object({ values: z.array(commentSchema) });

export const searchSchema = z.object({
  issues: z
    .array(
      z.object({
        id: z.string(),
        key: z.string().optional(),
        fields: z.object({ updated: z.string() }).partial().optional(),
        properties: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .default([]),
  nextPageToken: z.string().nullish(),
  isLast: z.boolean().optional(),
});

/** `PUT /issue?returnIssue=true` (typed void by jira.js, reference/jira-cloud.md). */
export const storedSchema = z.object({
  fields: z.object({
    summary: z.string().nullable(),
    description: z.unknown(),
    issuetype: z.object({ name: z.string() }),
    updated: z.string(),
  }),
});

export const changelogSchema = z.object({
  issueChangeLogs: z
    .array(
      z.object({
        issueId: z.string(),
        changeHistories: z.array(
          z.object({
            author: userSchema.optional().catch(undefined),
            created: z.union([z.string(), z.number()]),
            items: z.array(
              z.object({
                field: z.string().optional(),
                fieldId: z.string().optional(),
                fromString: z.string().nullish(),
                // Every object inherits a function of this name, so a missing one does not look missing.
                toString: z.string().nullish().catch(undefined),
              }),
            ),
          }),
        ),
      }),
    )
    .default([]),
  nextPageToken: z.string().nullish(),
});

export const projectSchema = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  issueTypes: z.array(z.object({ id: z.string(), name: z.string(), subtask: z.boolean().catch(false) })).default([]),
});
