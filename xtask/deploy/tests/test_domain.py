import unittest

from domain import ENDPOINT, disables, findings

GATEWAY = "https://abc.execute-api.eu-west-1.amazonaws.com"
NONE = {"IssuerUrl": "", "DomainName": "", "DisableDefaultEndpoint": "false"}
DOMAIN = {**NONE, "DomainName": "auth.example.com"}
ALONE = {**DOMAIN, "DisableDefaultEndpoint": "true"}
TEMPLATE = {
    "Parameters": {name: {"Type": "String"} for name in NONE},
    "Conditions": {
        "DomainIsGiven": {"Fn::Not": [{"Fn::Equals": [{"Ref": "DomainName"}, ""]}]},
        "Disabled": {
            "Fn::And": [{"Condition": "DomainIsGiven"}, {"Fn::Equals": [{"Ref": "DisableDefaultEndpoint"}, "true"]}]
        },
    },
    "Resources": {
        "Api": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {
                "Body": {
                    "servers": {
                        "Fn::If": [
                            "DomainIsGiven",
                            [
                                {
                                    "url": {"Fn::Sub": "https://${DomainName}"},
                                    ENDPOINT: {"disableExecuteApiEndpoint": {"Fn::If": ["Disabled", True, False]}},
                                }
                            ],
                            {"Ref": "AWS::NoValue"},
                        ]
                    }
                }
            },
        }
    },
}


def outputs(issuer, api=GATEWAY):
    return {"ApiUrl": api, "IssuerUrl": issuer, "JwksUrl": f"{issuer}/.well-known/jwks.json"}


def wrong(given, found, *issuers, template=TEMPLATE):
    variables = {f"Function{index}": issuer for index, issuer in enumerate(issuers)}
    return list(findings(template, given, found, variables, GATEWAY))


class Issuer(unittest.TestCase):
    def test_without_a_domain_the_request_decides(self):
        self.assertEqual(wrong(NONE, outputs(GATEWAY), "", ""), [])

    def test_a_domain_is_the_issuer(self):
        self.assertEqual(wrong(DOMAIN, outputs("https://auth.example.com"), "https://auth.example.com"), [])

    def test_the_issuer_of_the_parameter_wins(self):
        given = {**DOMAIN, "IssuerUrl": "https://id.example.com"}
        self.assertEqual(wrong(given, outputs("https://id.example.com"), "https://id.example.com"), [])

    def test_a_function_or_an_output_with_another_one_is_named(self):
        good = "https://auth.example.com"
        self.assertEqual(
            wrong(DOMAIN, outputs(good), good, ""), [f"Function1 has the issuer '', and not '{good}'"]
        )
        self.assertEqual(len(wrong(DOMAIN, outputs(GATEWAY), good)), 2)
        self.assertEqual(len(wrong(DOMAIN, outputs(good), None)), 1)

    def test_no_function_shows_nothing(self):
        self.assertEqual(wrong(NONE, outputs(GATEWAY)), ["there is no function"])


class DefaultEndpoint(unittest.TestCase):
    def test_it_is_disabled_where_the_parameter_says_so(self):
        good = "https://auth.example.com"
        self.assertEqual([disables(TEMPLATE, given) for given in (NONE, DOMAIN, ALONE)], [False, False, True])
        self.assertEqual(wrong(ALONE, outputs(good, good), good), [])

    def test_an_api_that_still_answers_there_is_wrong(self):
        good = "https://auth.example.com"
        for body in ({}, {"servers": [{"url": good, ENDPOINT: {"disableExecuteApiEndpoint": False}}]}):
            api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}
            template = {**TEMPLATE, "Resources": {"Api": api}}
            says = wrong(ALONE, outputs(good, good), good, template=template)
            self.assertEqual(says, ["the default endpoint is not as DisableDefaultEndpoint has it"])

    def test_a_server_of_the_document_has_its_address(self):
        good = "https://auth.example.com"
        for server in ({}, {"url": GATEWAY}):
            body = {"servers": [{**server, ENDPOINT: {"disableExecuteApiEndpoint": True}}]}
            api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}
            template = {**TEMPLATE, "Resources": {"Api": api}}
            says = wrong(ALONE, outputs(good, good), good, template=template)
            self.assertEqual(says, [f"the API's document has a server at {server.get('url')}"])
