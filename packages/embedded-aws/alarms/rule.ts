import type { StateValue } from "@aws-sdk/client-cloudwatch";

const TOKENS = /\s*(AND|OR|NOT|TRUE|FALSE|\(|\)|(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?([^()"]+?)"?\s*\))/y;

/**
 * Evaluates a composite alarm's rule with the states of its children. Throws for a rule that CloudWatch would reject,
 * and for a child without state.
 */
export function ruleHolds(rule: string, states: ReadonlyMap<string, StateValue>): boolean {
  const tokens: (string | boolean)[] = [];
  TOKENS.lastIndex = 0;
  for (let at = 0; at < rule.trimEnd().length; at = TOKENS.lastIndex) {
    const [, token, state, name] = TOKENS.exec(rule) ?? [];
    if (token === undefined) throw new Error(`can't parse the rule "${rule}" at "${rule.slice(at)}"`);
    tokens.push(state === undefined || name === undefined ? token : stateOf(name, states) === state);
  }
  const value = either();
  if (tokens.length > 0) throw new Error(`the rule "${rule}" has extra text "${tokens.join(" ")}"`);
  return value;

  function either(): boolean {
    let value = all();
    while (tokens[0] === "OR") {
      tokens.shift();
      value = all() || value;
    }
    return value;
  }

  function all(): boolean {
    let value = one();
    while (tokens[0] === "AND") {
      tokens.shift();
      value = one() && value;
    }
    return value;
  }

  function one(): boolean {
    const token = tokens.shift();
    if (typeof token === "boolean") return token;
    if (token === "NOT") return !one();
    if (token === "TRUE" || token === "FALSE") return token === "TRUE";
    if (token !== "(") throw new Error(`the rule "${rule}" needs an alarm, got "${token ?? "the end"}"`);
    const value = either();
    if (tokens.shift() !== ")") throw new Error(`the rule "${rule}" lacks a ")"`);
    return value;
  }
}

function stateOf(name: string, states: ReadonlyMap<string, StateValue>): StateValue {
  const state = states.get(name);
  if (state === undefined) throw new Error(`a rule refers to the alarm ${name}, which does not exist`);
  return state;
}
