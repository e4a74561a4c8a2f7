import { matchRoute } from "../../../../packages/embedded-aws/gateway/routes";
import { route } from "./definition";

const routes = [
  route("GET /media"),
  route("POST /media"),
  route("GET /media/{id}"),
  route("GET /media/latest"),
  route("ANY /files/{path+}"),
  route("GET /files/{name}/info"),
  route("GET /"),
];

function find(request: string): [string, Readonly<Record<string, string>>] | undefined {
  const [method = "", path = ""] = request.split(" ");
  const match = matchRoute(routes, method, path);
  return match && [`${match.route.method} ${match.route.path}`, match.pathParameters];
}

describe("a request's route", () => {
  it.each<[string, string, Record<string, string>]>([
    ["GET /media", "GET /media", {}],
    ["POST /media", "POST /media", {}],
    ["GET /media/", "GET /media", {}],
    ["GET /", "GET /", {}],
    ["GET /media/42", "GET /media/{id}", { id: "42" }],
    ["GET /media/a%20b%2Fc", "GET /media/{id}", { id: "a b/c" }],
    ["GET /media/%zz", "GET /media/{id}", { id: "%zz" }],
    ["GET /media/latest", "GET /media/latest", {}],
    ["PUT /files/a/b/c", "ANY /files/{path+}", { path: "a/b/c" }],
    ["GET /files/a/info", "GET /files/{name}/info", { name: "a" }],
  ])("of %s is %s", (request, name, parameters) => {
    expect(find(request)).toEqual([name, parameters]);
  });

  it.each([
    "GET /nothing",
    "DELETE /media",
    "PUT /media/latest",
    "GET /media/1/2",
    "GET /files",
    "GET /Media",
  ])("of %s is none", (request) => {
    expect(find(request)).toBeUndefined();
  });
});
