"""Shows that the stack answers under its own domain name, where it has one, and that one issuer holds everywhere.

    domain.py STACK    checks a deployed stack
    domain.py          makes a hosted zone and a certificate, and prints the parameters of a domain name in it

The emulator leaves the API's OpenAPI document unread, so that whether the default endpoint is disabled is read from there.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html
"""

import json
import os
import sys
import urllib.request

from cors import resolved, values

ZONE, DOMAIN = "example.com", "auth.example.com"
ENDPOINT = "x-amazon-apigateway-endpoint-configuration"


def issuer(given):
    """The issuer that the parameters decide, or nothing where the request does."""
    return given["IssuerUrl"] or (given["DomainName"] and f"https://{given['DomainName']}")


def expected(given, gateway):
    """The outputs, where API Gateway's own address is `gateway`."""
    disabled = given["DisableDefaultEndpoint"] == "true"
    return {
        "ApiUrl": f"https://{given['DomainName']}" if disabled else gateway,
        "IssuerUrl": issuer(given) or gateway,
        "JwksUrl": f"{issuer(given) or gateway}/.well-known/jwks.json",
    }


def servers(template, given):
    """Those that the API's document names."""
    (body,) = [
        resource["Properties"]["Body"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Api"
    ]
    return resolved(body.get("servers"), template.get("Conditions", {}), values(template, given)) or []


def disables(template, given):
    """Whether the API is only to answer under its domain name."""
    return any(server[ENDPOINT]["disableExecuteApiEndpoint"] is True for server in servers(template, given))


def findings(template, given, outputs, variables, gateway):
    """What is wrong with the outputs, the functions' variables and the API's document."""
    for name, value in expected(given, gateway).items():
        if outputs.get(name) != value:
            yield f"{name} is {outputs.get(name)}, and not {value}"
    for function, found in sorted(variables.items()):
        if found != issuer(given):
            yield f"{function} has the issuer {found!r}, and not {issuer(given)!r}"
    if not variables:
        yield "there is no function"
    # OpenAPI demands it, and a warning of the import fails the deployment.
    # https://spec.openapis.org/oas/v3.0.1#server-object
    for server in servers(template, given):
        if server.get("url") != f"https://{given['DomainName']}":
            yield f"the API's document has a server at {server.get('url')}"
    if disables(template, given) != (given["DisableDefaultEndpoint"] == "true"):
        yield "the default endpoint is not as DisableDefaultEndpoint has it"


def main(stack):
    # Here, so that the tests need no boto3.
    import boto3

    from routes import deployed, resources

    template, ids = deployed(stack), resources(stack)
    (described,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    given = {one["ParameterKey"]: one["ParameterValue"] for one in described["Parameters"]}
    outputs = {one["OutputKey"]: one["OutputValue"] for one in described["Outputs"]}
    client = boto3.client("lambda")
    variables = {
        name: client.get_function_configuration(FunctionName=ids[name])["Environment"]["Variables"].get("ISSUER_URL")
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    gateway = f"https://{ids['Api']}.execute-api.{client.meta.region_name}.amazonaws.com"
    if wrong := list(findings(template, given, outputs, variables, gateway)):
        sys.exit("\n".join(wrong))
    print(f"{len(variables)} functions and the outputs have the issuer {outputs['IssuerUrl']}")
    domain(boto3, given, outputs, ids)


def domain(boto3, given, outputs, ids):
    gateway = boto3.client("apigatewayv2")
    names = [one["DomainName"] for one in gateway.get_domain_names()["Items"]]
    if names != [name for name in [given["DomainName"]] if name]:
        sys.exit(f"there are the domain names {names}")
    for name in names:
        (mapping,) = gateway.get_api_mappings(DomainName=name)["Items"]
        if (mapping["ApiId"], mapping["Stage"], mapping.get("ApiMappingKey", "")) != (ids["Api"], "$default", ""):
            sys.exit(f"{name} leads to {mapping}")
        zone = boto3.client("route53").list_resource_record_sets(HostedZoneId=given["HostedZoneId"])
        targets = [
            record["AliasTarget"]["DNSName"].rstrip(".")
            for record in zone["ResourceRecordSets"]
            if record["Name"] == f"{name}." and record["Type"] == "A"
        ]
        if targets != [outputs["DomainTarget"]]:
            sys.exit(f"{name} is the alias of {targets}, and not of {outputs['DomainTarget']}")
        discovered = document(name)["issuer"]
        if discovered != outputs["IssuerUrl"]:
            sys.exit(f"under {name} the issuer is {discovered}")
        print(f"{name} leads to the API, by an alias of {targets[0]}, and discovery names the issuer {discovered}")


def document(name):
    """What the API publishes under this domain name."""
    url = f"{os.environ['AWS_ENDPOINT_URL']}/.well-known/openid-configuration"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Host": name}), timeout=30) as answer:
        return json.load(answer)


def prepare():
    import boto3

    zone = boto3.client("route53").create_hosted_zone(Name=ZONE, CallerReference=DOMAIN)["HostedZone"]["Id"]
    certificate = boto3.client("acm").request_certificate(DomainName=DOMAIN, ValidationMethod="DNS")
    print(f"DomainName={DOMAIN}")
    print(f"CertificateArn={certificate['CertificateArn']}")
    print(f"HostedZoneId={zone.rpartition('/')[2]}")
    print("DisableDefaultEndpoint=true")


if __name__ == "__main__":
    main(*sys.argv[1:]) if sys.argv[1:] else prepare()
