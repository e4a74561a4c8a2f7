/** Values of one period by the ids in expressions; undefined without data. */
export type Period = Readonly<Record<string, number | undefined>>;

type Value = number | undefined;
type Node = (period: Period) => Value;

const TOKENS = /\s*(>=|<=|==|!=|[-+*/()[\],<>]|\d+(?:\.\d+)?|[A-Za-z]\w*)/y;

const OPERATORS: readonly Readonly<Record<string, (a: number, b: number) => number>>[] = [
  {
    ">=": (a, b) => Number(a >= b),
    "<=": (a, b) => Number(a <= b),
    ">": (a, b) => Number(a > b),
    "<": (a, b) => Number(a < b),
    "==": (a, b) => Number(a === b),
    "!=": (a, b) => Number(a !== b),
  },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => a / b },
];

/**
 * The metric math of our alarms: arithmetic, comparisons, `IF`, `FILL` with a number, and `MAX` or `MIN` of several
 * metrics. Throws on anything else. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function metricMath(text: string): (period: Period) => number | undefined {
  const parser = new Parser(text);
  const node = parser.whole();
  return (period) => {
    const value = node(period);
    // CloudWatch omits divisions by zero.
    return value === undefined || !Number.isFinite(value) ? undefined : value;
  };
}

class Parser {
  private readonly tokens: string[] = [];

  constructor(private readonly text: string) {
    TOKENS.lastIndex = 0;
    for (let at = 0; at < text.trimEnd().length; at = TOKENS.lastIndex) {
      const found = TOKENS.exec(text);
      if (found === null) throw this.unknown(text.slice(at));
      this.tokens.push(found[1] ?? "");
    }
  }

  whole(): Node {
    const node = this.binary(0);
    if (this.tokens.length > 0) throw this.unknown(this.tokens.join(" "));
    return node;
  }

  private binary(level: number): Node {
    const operators = OPERATORS[level];
    if (operators === undefined) return this.one();
    let left = this.binary(level + 1);
    for (let operator = this.next(operators); operator !== undefined; operator = this.next(operators)) {
      const [before, apply, after] = [left, operator, this.binary(level + 1)];
      left = (period) => both(before(period), after(period), apply);
    }
    return left;
  }

  private next<Operator>(operators: Readonly<Record<string, Operator>>): Operator | undefined {
    const [token = ""] = this.tokens;
    if (!Object.hasOwn(operators, token)) return undefined;
    this.tokens.shift();
    return operators[token];
  }

  private one(): Node {
    const token = this.tokens.shift() ?? "";
    if (token === "(") return this.closed(this.binary(0), ")");
    if (token === "IF") return this.condition();
    if (token === "FILL") return this.filled();
    if (token === "MAX" || token === "MIN") return this.among(token === "MAX" ? Math.max : Math.min);
    if (/^\d/.test(token)) return () => Number(token);
    if (/^[a-z]/.test(token)) return (period) => period[token];
    throw this.unknown(token);
  }

  private condition(): Node {
    this.expect("(");
    const [when, then, otherwise] = this.list(")");
    if (when === undefined || then === undefined || otherwise === undefined) throw this.unknown("IF");
    return (period) => {
      const value = when(period);
      if (value === undefined) return undefined;
      return value === 0 ? otherwise(period) : then(period);
    };
  }

  private filled(): Node {
    this.expect("(");
    const node = this.binary(0);
    this.expect(",");
    const filler = this.tokens.shift() ?? "the end";
    if (!/^\d/.test(filler)) throw this.unknown(filler);
    this.expect(")");
    return (period) => node(period) ?? Number(filler);
  }

  private among(worst: (...values: number[]) => number): Node {
    this.expect("(");
    this.expect("[");
    const members = this.list("]");
    this.expect(")");
    return (period) => {
      const values = members.map((member) => member(period)).filter((value) => value !== undefined);
      return values.length === 0 ? undefined : worst(...values);
    };
  }

  private list(end: string): Node[] {
    const members = [this.binary(0)];
    while (this.tokens[0] === ",") {
      this.tokens.shift();
      members.push(this.binary(0));
    }
    this.expect(end);
    return members;
  }

  private closed(node: Node, end: string): Node {
    this.expect(end);
    return node;
  }

  private expect(token: string): void {
    const found = this.tokens.shift();
    if (found !== token) throw this.unknown(found ?? "the end");
  }

  private unknown(what: string): Error {
    return new Error(`can't parse the expression "${this.text}" at "${what}"`);
  }
}

function both(a: Value, b: Value, apply: (a: number, b: number) => number): Value {
  return a === undefined || b === undefined ? undefined : apply(a, b);
}
