/** Markdown table of cells by row and column, both sorted by name. */
export function matrix(
  corner: string,
  cells: readonly { row: string; column: string; text: string }[],
): string {
  const rows = [...new Set(cells.map(({ row }) => row))].sort();
  const columns = [...new Set(cells.map(({ column }) => column))].sort();
  const at = (row: string, column: string): string =>
    [
      ...new Set(cells.filter((cell) => cell.row === row && cell.column === column).map(({ text }) => text)),
    ].join("<br>");
  return [
    `| ${corner} | ${columns.join(" | ")} |`,
    `|---|${columns.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| **${row}** | ${columns.map((column) => at(row, column)).join(" | ")} |`),
    "",
  ].join("\n");
}
