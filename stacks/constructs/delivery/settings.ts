import { group, type Settings, wholeNumber } from "../../lib/schema";

const id = () => wholeNumber({ least: 1, why: "gh api repos/OWNER/NAME --jq '.owner.id, .id' prints both" });

/** GitHub's numbers, which stay when a name is given up and taken by somebody else. */
export const repositoryIdsSchema = group({
  /** Of the organization or the person. */
  owner: id(),
  /** Of the repository. */
  repository: id(),
});

export type RepositoryIds = Settings<typeof repositoryIdsSchema>;
