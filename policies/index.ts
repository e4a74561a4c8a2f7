import { alarmTellsSomebody } from "./rules/alarm-tells-somebody";
import { apiWritesWantAToken } from "./rules/api-writes-want-a-token";
import { balancerMayWriteItsLogs } from "./rules/balancer-may-write-its-logs";
import { bucketHasNoAcl } from "./rules/bucket-has-no-acl";
import { bucketIsPrivate } from "./rules/bucket-is-private";
import { bucketIsVersionedAndEncrypted } from "./rules/bucket-is-versioned-and-encrypted";
import { bucketRefusesPlainHttp } from "./rules/bucket-refuses-plain-http";
import { bucketTellsOnlyQueuesThatLetIt } from "./rules/bucket-tells-only-queues-that-let-it";
import { cacheIsEncrypted } from "./rules/cache-is-encrypted";
import { databaseForcesTls } from "./rules/database-forces-tls";
import { databaseIsEncrypted } from "./rules/database-is-encrypted";
import { databaseIsPrivate } from "./rules/database-is-private";
import { databaseIsProtectedWhenAsked } from "./rules/database-is-protected-when-asked";
import { databaseKeepsBackups } from "./rules/database-keeps-backups";
import { distributionForcesHttps } from "./rules/distribution-forces-https";
import { functionAnswersInTime } from "./rules/function-answers-in-time";
import { functionIsTraced } from "./rules/function-is-traced";
import { functionRuntimeIsSupported } from "./rules/function-runtime-is-supported";
import { insightsFitTheClass } from "./rules/insights-fit-the-class";
import { logGroupExpires } from "./rules/log-group-expires";
import { namesFit } from "./rules/names-fit";
import { publicAddressHasAWay } from "./rules/public-address-has-a-way";
import { queueHasDeadLetters } from "./rules/queue-has-dead-letters";
import { queueIsEncrypted } from "./rules/queue-is-encrypted";
import { queueOutlastsItsConsumer } from "./rules/queue-outlasts-its-consumer";
import { queueRefusesPlainHttp } from "./rules/queue-refuses-plain-http";
import { removedInProvider6 } from "./rules/removed-in-provider-6";
import { repositoryIsImmutable } from "./rules/repository-is-immutable";
import { resourcesAreTagged } from "./rules/resources-are-tagged";
import { roleHasABoundary } from "./rules/role-has-a-boundary";
import { roleNamesItsActions } from "./rules/role-names-its-actions";
import { roleNamesItsResources } from "./rules/role-names-its-resources";
import { secondPlanIsEmpty } from "./rules/second-plan-is-empty";
import { securityGroupIsClosedToTheWorld } from "./rules/security-group-is-closed-to-the-world";
import { serviceRollsBack } from "./rules/service-rolls-back";
import { stageIsLoggedAndTraced } from "./rules/stage-is-logged-and-traced";
import { storageHasItsIops } from "./rules/storage-has-its-iops";
import { taskIsUnprivileged } from "./rules/task-is-unprivileged";
import { taskSizeExists } from "./rules/task-size-exists";
import { topicRefusesPlainHttp } from "./rules/topic-refuses-plain-http";
import { trustIsNarrow } from "./rules/trust-is-narrow";
import { webAclIsAssociated } from "./rules/web-acl-is-associated";
import { webAclLivesWhereItMust } from "./rules/web-acl-lives-where-it-must";
import { webAclRulesAreOrdered } from "./rules/web-acl-rules-are-ordered";
import type { Rule } from "./rule";

/** Every rule, by the name of its file. */
export const rules = {
  "alarm-tells-somebody": alarmTellsSomebody,
  "api-writes-want-a-token": apiWritesWantAToken,
  "balancer-may-write-its-logs": balancerMayWriteItsLogs,
  "bucket-has-no-acl": bucketHasNoAcl,
  "bucket-is-private": bucketIsPrivate,
  "bucket-is-versioned-and-encrypted": bucketIsVersionedAndEncrypted,
  "bucket-refuses-plain-http": bucketRefusesPlainHttp,
  "bucket-tells-only-queues-that-let-it": bucketTellsOnlyQueuesThatLetIt,
  "cache-is-encrypted": cacheIsEncrypted,
  "database-forces-tls": databaseForcesTls,
  "database-is-encrypted": databaseIsEncrypted,
  "database-is-private": databaseIsPrivate,
  "database-is-protected-when-asked": databaseIsProtectedWhenAsked,
  "database-keeps-backups": databaseKeepsBackups,
  "distribution-forces-https": distributionForcesHttps,
  "function-answers-in-time": functionAnswersInTime,
  "function-is-traced": functionIsTraced,
  "function-runtime-is-supported": functionRuntimeIsSupported,
  "insights-fit-the-class": insightsFitTheClass,
  "log-group-expires": logGroupExpires,
  "names-fit": namesFit,
  "public-address-has-a-way": publicAddressHasAWay,
  "queue-has-dead-letters": queueHasDeadLetters,
  "queue-is-encrypted": queueIsEncrypted,
  "queue-outlasts-its-consumer": queueOutlastsItsConsumer,
  "queue-refuses-plain-http": queueRefusesPlainHttp,
  "removed-in-provider-6": removedInProvider6,
  "repository-is-immutable": repositoryIsImmutable,
  "resources-are-tagged": resourcesAreTagged,
  "role-has-a-boundary": roleHasABoundary,
  "role-names-its-actions": roleNamesItsActions,
  "role-names-its-resources": roleNamesItsResources,
  "second-plan-is-empty": secondPlanIsEmpty,
  "security-group-is-closed-to-the-world": securityGroupIsClosedToTheWorld,
  "service-rolls-back": serviceRollsBack,
  "stage-is-logged-and-traced": stageIsLoggedAndTraced,
  "storage-has-its-iops": storageHasItsIops,
  "task-is-unprivileged": taskIsUnprivileged,
  "task-size-exists": taskSizeExists,
  "topic-refuses-plain-http": topicRefusesPlainHttp,
  "trust-is-narrow": trustIsNarrow,
  "web-acl-is-associated": webAclIsAssociated,
  "web-acl-lives-where-it-must": webAclLivesWhereItMust,
  "web-acl-rules-are-ordered": webAclRulesAreOrdered,
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;
