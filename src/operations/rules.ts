import { basicRulesText } from '../core/rules-text.ts';
import type { Outcome } from '../report/outcome.ts';

/** The Basic rules, read-only. */
export function rules(): Outcome {
  return { kind: 'rules', text: basicRulesText() };
}
