/** A typed command: its words, with `$()` for each command substitution, and the substituted commands. */
export interface Command {
  readonly words: readonly string[];
  readonly inner: readonly Command[];
}

/**
 * Reads a line of POSIX shell with the features that documents use: words, quotes and `$(…)`. Throws on an open quote.
 */
export function readCommand(line: string): Command {
  const reader = { at: 0 };
  const command = read(line, reader, "");
  return command;
}

/** The command and all commands in it. */
export function everyCommand(line: string): string[][] {
  const flat = ({ words, inner }: Command): string[][] => [[...words], ...inner.flatMap(flat)];
  return flat(readCommand(line));
}

function read(line: string, reader: { at: number }, end: "" | ")"): Command {
  const words: string[] = [];
  const inner: Command[] = [];
  let word: string | undefined;
  let quote = "";
  const add = (text: string): void => void (word = (word ?? "") + text);
  for (; reader.at < line.length; reader.at++) {
    const [one = "", two = ""] = line.slice(reader.at, reader.at + 2);
    if (one === "$" && two === "(" && quote !== "'") {
      reader.at += 2;
      inner.push(read(line, reader, ")"));
      add("$()");
    } else if (one === quote) quote = "";
    else if (quote !== "") {
      if (one === "\\" && quote === '"' && '"\\$`'.includes(two)) add(line[++reader.at] ?? "");
      else add(one);
    } else if (one === '"' || one === "'") {
      quote = one;
      add("");
    } else if (one === end) return finish(words, word, inner);
    else if (/\s/.test(one)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else add(one);
  }
  if (quote !== "" || end !== "") throw new Error(`${quote || "$("} is not closed: ${line}`);
  return finish(words, word, inner);
}

const finish = (words: string[], word: string | undefined, inner: Command[]): Command => ({
  words: word === undefined ? words : [...words, word],
  inner,
});
