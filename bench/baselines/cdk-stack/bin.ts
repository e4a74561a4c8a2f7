import * as cdk from "aws-cdk-lib";
import { StreamFlowStack } from "./stack";

const app = new cdk.App();
new StreamFlowStack(app, "StreamFlowStack");
