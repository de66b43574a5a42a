"""AWS's rule for OPTIONS. MiniStack answers each of them as a preflight, whatever the routes are.

- A route takes OPTIONS as it takes any other method: one that names it, or one of ANY, or `$default`.
- Where no route does, the gateway answers by itself if CORS is configured. Its answer has CORS headers where the request
  has an allowed `Origin` and an `Access-Control-Request-Method`.
- Where no route does and CORS is not configured, the answer is that for an unknown path.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

def by_route(gateway):
    """The `handle_execute` of MiniStack's module for HTTP APIs, with this rule."""
    execute = gateway.handle_execute

    async def handle_execute(api_id, stage, path, method, headers, body, query, raw_query_string=None):
        scope = gateway.find_api_scope(api_id)
        if method != "OPTIONS" or scope is None:
            return await execute(api_id, stage, path, method, headers, body, query, raw_query_string=raw_query_string)
        with gateway.request_scope(*scope):
            cors = gateway._apis[api_id].get("corsConfiguration")
            origin = headers.get("origin", "")
            route = gateway._match_route(api_id, method, "/" + path.lstrip("/"))
            if route is None:
                return preflight(gateway, cors, origin, headers)
            key = route["routeKey"]
            status, answered, content = await gateway._invoke_lambda_proxy(
                gateway._integrations[api_id][route["target"].removeprefix("integrations/")],
                api_id,
                stage,
                path,
                method,
                headers,
                body,
                query,
                key,
                gateway._extract_path_params(key.partition(" ")[2], path),
                owner_account_id=scope[0],
                owner_region=scope[1],
                raw_query_string=raw_query_string,
            )
            return status, {**answered, **gateway._cors_response_headers(cors, origin)}, content

    return handle_execute


def preflight(gateway, cors, origin, headers):
    if not cors:
        return gateway._http_api_not_found()
    if origin and "access-control-request-method" in headers:
        answer = gateway._cors_preflight_response(cors, origin)
        if answer[0] == 204:
            return answer
    return 204, {"Content-Length": "0"}, b""
