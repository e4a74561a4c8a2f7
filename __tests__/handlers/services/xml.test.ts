import { elements, escapeXml, textIn } from "../../../handlers/services/xml";

const parts = `<?xml version="1.0" encoding="UTF-8"?>
<ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <UploadId>a&amp;b</UploadId><PartNumberMarker>0</PartNumberMarker>
  <Part><PartNumber>1</PartNumber><ETag>&quot;x&#34;&#x22;</ETag></Part>
  <Part><PartNumber>2</PartNumber><ETag/></Part>
</ListPartsResult>`;

it("finds the elements of a name, and not of a longer one", () => {
  expect(elements(parts, "Part").map((part) => textIn(part, "PartNumber"))).toEqual(["1", "2"]);
  expect(elements(parts, "Parts")).toEqual([]);
});

it("reads texts, entities in any writing", () => {
  expect(textIn(parts, "UploadId")).toBe("a&b");
  expect(textIn(parts, "ETag")).toBe('"x""');
  expect(textIn(parts, "Size")).toBeUndefined();
  expect(textIn("<A>&unknown;</A>", "A")).toBe("&unknown;");
});

it("writes what it reads", () => {
  const text = `<a href="b">'&amp;'</a>`;
  expect(escapeXml(text)).not.toMatch(/[<>"']/);
  expect(textIn(`<A>${escapeXml(text)}</A>`, "A")).toBe(text);
});
