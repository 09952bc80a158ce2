/** The version of the form of the result. Apart from the model: what only reads logs does not load a schema library. */
export const READINESS_SCHEMA_VERSION = 1;
