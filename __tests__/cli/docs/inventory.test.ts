import { inventory } from "../../../cli/docs/inventory";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { synthEnvironment } from "../../support/synth";

test("what is lost with creators' user pool is said, and that nothing is lost with the check's", () => {
  const rows = inventory([new Stack("streamflow-prod", synthEnvironment("prod").json)]).split("\n");
  const lost = (address: string): string | undefined =>
    rows.find((row) => row.startsWith(`| \`${address}\` |`))?.split(" | ")[2];
  expect(lost("aws_cognito_user_pool.users")).toMatch(/^its users, who can't be exported/);
  expect(lost("aws_cognito_user_pool.synthetic_check_users")).toMatch(/^no user's data/);
});
