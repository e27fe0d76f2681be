/** What the trackers of a simulation are called, and what opens them. */
export const siteHost = 'acme.atlassian.net';
export const repository = 'acme/app';
export const jiraToken = 'jira-token-for-tests';
export const gitHubToken = 'ghp_token_for_tests';

/** Names of types that exist on Jira. */
export const jiraTypes = ['Epic', 'Story', 'Task', 'Bug'] as const;

/** The role on Jira of which the connection's account is a member, and one of which it is not. */
export const ownRole = 'Developers';
export const roleElsewhere = 'Administrators';
