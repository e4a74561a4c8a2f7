/** ARN pattern of all roles that the project creates in an account: the pipeline's and the environments'. */
export function ownRolesArn(account: string): string {
  return `arn:aws:iam::${account}:role/streamflow-*`;
}
