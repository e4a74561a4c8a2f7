const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

/** Raw contents of all elements of a name, in order; elements must not be nested in their own kind. */
export function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^]*?)</${name}>`, "g"))].map(
    (match) => match[1] ?? "",
  );
}

/** Text of the first element of a name; undefined without one. */
export function textIn(xml: string, name: string): string | undefined {
  return elements(xml, name)[0]?.replace(/&(#x?)?(\w+);/gi, (whole: string, number: string, word: string) =>
    number === undefined
      ? (ENTITIES[word] ?? whole)
      : String.fromCodePoint(parseInt(word, number === "#" ? 10 : 16)),
  );
}

/** Escapes a text for an XML element. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
