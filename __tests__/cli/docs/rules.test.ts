import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RULES_PAGE, rulesDocument } from "../../../cli/docs/rules";

test("the page of the plan review's rules is what npm run docs writes", () => {
  expect(readFileSync(join(__dirname, "../../..", RULES_PAGE), "utf8")).toBe(rulesDocument());
});

test("the page names the rules of all four providers", () => {
  const page = rulesDocument();
  for (const name of [
    "deletion_protection",
    "rds.force_ssl",
    "google_compute_firewall",
    "azurerm_key_vault",
  ]) {
    expect(page).toContain(`\`${name}\``);
  }
  expect(page).toContain("`kubernetes_persistent_volume_claim`");
});
