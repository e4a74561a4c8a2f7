const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

/** Contents of all elements of a name, in order, as they are written; the elements must not hold their own kind. */
export function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^]*?)</${name}>`, "g"))].map(
    (match) => match[1] ?? "",
  );
}

/** Text of the first element of a name; undefined when there is none. */
export function textIn(xml: string, name: string): string | undefined {
  return elements(xml, name)[0]?.replace(/&(#x?)?(\w+);/gi, (whole: string, number: string, word: string) =>
    number === undefined
      ? (ENTITIES[word] ?? whole)
      : String.fromCodePoint(parseInt(word, number === "#" ? 10 : 16)),
  );
}

/** A text as content of an element. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
