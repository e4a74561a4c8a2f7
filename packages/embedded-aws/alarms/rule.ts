import type { StateValue } from "@aws-sdk/client-cloudwatch";

const TOKENS = /\s*(AND|OR|NOT|TRUE|FALSE|\(|\)|(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?([^()"]+?)"?\s*\))/y;

/**
 * Whether a composite alarm's rule holds, by the states of the alarms that it names. Throws on a rule that CloudWatch would
 * refuse, and on a name that has no state.
 */
export function ruleHolds(rule: string, states: ReadonlyMap<string, StateValue>): boolean {
  const tokens: (string | boolean)[] = [];
  TOKENS.lastIndex = 0;
  for (let at = 0; at < rule.trimEnd().length; at = TOKENS.lastIndex) {
    const [, token, state, name] = TOKENS.exec(rule) ?? [];
    if (token === undefined) throw new Error(`the rule "${rule}" can't be read at "${rule.slice(at)}"`);
    tokens.push(state === undefined || name === undefined ? token : stateOf(name, states) === state);
  }
  const value = either();
  if (tokens.length > 0) throw new Error(`the rule "${rule}" goes on with "${tokens.join(" ")}"`);
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
    if (token !== "(") throw new Error(`the rule "${rule}" wants an alarm and has "${token ?? "no more"}"`);
    const value = either();
    if (tokens.shift() !== ")") throw new Error(`the rule "${rule}" lacks a ")"`);
    return value;
  }
}

function stateOf(name: string, states: ReadonlyMap<string, StateValue>): StateValue {
  const state = states.get(name);
  if (state === undefined) throw new Error(`a rule names the alarm ${name}, which is not there`);
  return state;
}
