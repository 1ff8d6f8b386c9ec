/** Roles of the database: who may score, register, and move aliases. Members are added by its owner. */

import { quoteIdentifier, quoteText } from '../server/names.js';

export const ROLES = {
  scorer: 'predictable_scorer',
  registrar: 'predictable_registrar',
  promoter: 'predictable_promoter',
} as const;

/** Lets scorers, where there is such a role, execute a procedure, and nothing else. */
export function grantToScorers(procedure: string): string {
  const role = ROLES.scorer;
  return `IF DATABASE_PRINCIPAL_ID(${quoteText(role)}) IS NOT NULL GRANT EXECUTE ON OBJECT::${procedure} TO ${quoteIdentifier(role)};`;
}
