import { z } from 'zod';

/** `key` stays when a user is renamed; `name` is what `[~name]` and a log-in say. Servers may leave out the key. */
export const userSchema = z.object({
  name: z.string().catch(''),
  key: z.string().optional().catch(undefined),
  displayName: z.string().catch('Former user'),
});
export type JiraDcUser = z.infer<typeof userSchema>;

/** The account that asks. Quoted JQL dates are read in its time zone. */
export const myselfSchema = userSchema.extend({ timeZone: z.string().catch('UTC') });

const propertySchema = z.object({ key: z.string(), value: z.unknown() });

export const commentSchema = z.object({
  id: z.string(),
  author: userSchema.nullish().catch(undefined),
  body: z.string().nullish(),
  created: z.string(),
  updated: z.string().optional(),
  visibility: z.object({ type: z.string(), value: z.string() }).nullish(),
  /** Only with `expand=properties`, and only where the server knows that. */
  properties: z.array(propertySchema).optional(),
});
export type JiraDcComment = z.infer<typeof commentSchema>;

export const commentPageSchema = z.object({
  comments: z.array(commentSchema),
  total: z.number().catch(Number.POSITIVE_INFINITY),
});

export const attachmentSchema = z.object({
  id: z.coerce.string(),
  filename: z.string().catch('file'),
  size: z.number().optional(),
  mimeType: z.string().optional(),
  created: z.string().optional(),
  author: userSchema.nullish().catch(undefined),
});
export type JiraDcAttachment = z.infer<typeof attachmentSchema>;

/** Where an attachment's bytes are: `…/secure/attachment/10000/name.png`. */
export const attachmentContentSchema = z.object({ content: z.string() });

const writableFieldsSchema = z.object({
  summary: z.string().nullish(),
  description: z.string().nullish(),
  issuetype: z.object({ id: z.string(), name: z.string() }),
  updated: z.string(),
});

export const issueSchema = z.object({
  id: z.string(),
  key: z.string(),
  fields: writableFieldsSchema.extend({
    attachment: z.array(attachmentSchema).optional(),
    creator: userSchema.nullish().catch(undefined),
    created: z.string(),
    project: z.object({ id: z.string(), key: z.string() }),
    security: z.unknown().optional(),
  }),
  properties: z.record(z.string(), z.unknown()).optional(),
});
export type JiraDcIssue = z.infer<typeof issueSchema>;

/** The properties alone. */
export const propertiesSchema = z.object({ properties: z.record(z.string(), z.unknown()).default({}) });

export const searchSchema = z.object({
  issues: z.array(
    z.object({
      id: z.string(),
      key: z.string(),
      fields: z.object({ updated: z.string(), creator: userSchema.nullish().catch(undefined) }),
    }),
  ),
  total: z.number(),
});

export const changelogSchema = z.object({
  changelog: z.object({
    histories: z.array(
      z.object({
        author: userSchema.nullish().catch(undefined),
        created: z.string(),
        items: z.array(
          z.object({
            field: z.string(),
            fromString: z.string().nullish(),
            // Every object inherits a function of this name, so a missing one does not look missing.
            toString: z.string().nullish().catch(undefined),
          }),
        ),
      }),
    ),
  }),
});

/** What an edit left, and how it came about. */
export const storedSchema = changelogSchema.extend({ fields: writableFieldsSchema });

export const typePageSchema = z.object({
  values: z.array(z.object({ id: z.string(), name: z.string(), subtask: z.boolean().catch(false) })),
  total: z.number().catch(0),
});

export const projectSchema = z.object({ id: z.string(), key: z.string(), name: z.string().catch('') });
