import ajv from 'ajv-draft-04';

/** The package is CommonJS: its class is the default export of what Node sees as the default export. */
export const AjvDraft04 = ajv.default;
