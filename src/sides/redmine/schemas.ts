import { z } from 'zod';

/** A person or group as issues, journals and files name them. */
const personSchema = z.object({ id: z.number(), name: z.string().catch('') });
export type RedminePerson = z.infer<typeof personSchema>;

const namedSchema = z.object({ id: z.number(), name: z.string().catch('') });

const customValueSchema = z.object({
  id: z.number(),
  name: z.string().catch(''),
  /** Several where the field takes several; a yes or no is "1" or "0". */
  value: z
    .union([z.string(), z.array(z.string()), z.null()])
    .optional()
    .catch(undefined),
});

export const attachmentSchema = z.object({
  id: z.number(),
  filename: z.string().catch('file'),
  filesize: z.number().optional(),
  content_type: z.string().nullish(),
  author: personSchema.nullish().catch(undefined),
  created_on: z.string(),
});
export type RedmineAttachment = z.infer<typeof attachmentSchema>;

const detailSchema = z.object({
  property: z.string(),
  name: z.string(),
  old_value: z.unknown(),
  new_value: z.unknown(),
});

/** An entry of an issue's history; with notes it is a comment. */
export const journalSchema = z.object({
  id: z.number(),
  user: personSchema.nullish().catch(undefined),
  notes: z.string().nullish(),
  created_on: z.string(),
  /** From Redmine 5.1 on. */
  updated_on: z.string().nullish(),
  private_notes: z.boolean().catch(false),
  details: z.array(detailSchema).catch([]),
});
export type RedmineJournal = z.infer<typeof journalSchema>;

export const issueSchema = z.object({
  id: z.number(),
  project: namedSchema,
  tracker: namedSchema,
  status: namedSchema.nullish(),
  priority: namedSchema.nullish(),
  category: namedSchema.nullish(),
  fixed_version: namedSchema.nullish(),
  assigned_to: namedSchema.nullish(),
  author: personSchema.nullish().catch(undefined),
  subject: z.string().catch(''),
  description: z.string().nullish(),
  is_private: z.boolean().catch(false),
  custom_fields: z.array(customValueSchema).catch([]),
  created_on: z.string(),
  updated_on: z.string(),
  attachments: z.array(attachmentSchema).optional(),
  journals: z.array(journalSchema).optional(),
});
export type RedmineIssue = z.infer<typeof issueSchema>;

export const issueAnswerSchema = z.object({ issue: issueSchema });

export const issueListSchema = z.object({ issues: z.array(issueSchema), total_count: z.number() });

export const uploadSchema = z.object({ upload: z.object({ id: z.number(), token: z.string() }) });

export const projectAnswerSchema = z.object({
  project: z.object({
    id: z.number(),
    name: z.string().catch(''),
    identifier: z.string(),
    /** 1 active, 5 closed, 9 archived. */
    status: z.number().catch(1),
    is_public: z.boolean().catch(false),
    trackers: z.array(namedSchema).catch([]),
    enabled_modules: z.array(z.object({ name: z.string() })).catch([]),
  }),
});
export type RedmineProject = z.infer<typeof projectAnswerSchema>['project'];

/** `enabled_standard_fields` is told since Redmine 5.0 (app/views/trackers/index.api.rsb). */
export const trackersAnswerSchema = z.object({
  trackers: z.array(z.object({ id: z.number(), name: z.string(), enabled_standard_fields: z.array(z.string()).optional() })),
});

export const accountAnswerSchema = z.object({
  user: z.object({
    id: z.number(),
    login: z.string().catch(''),
    firstname: z.string().catch(''),
    lastname: z.string().catch(''),
    admin: z.boolean().catch(false),
    memberships: z.array(z.object({ project: z.object({ id: z.number() }), roles: z.array(namedSchema) })).catch([]),
  }),
});

export const roleAnswerSchema = z.object({
  role: z.object({
    name: z.string().catch(''),
    issues_visibility: z.string().catch('all'),
    permissions: z.array(z.string()).catch([]),
  }),
});
