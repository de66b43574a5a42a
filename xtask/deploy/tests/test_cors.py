import unittest

from cors import configuration

WRITTEN = {
    "Fn::If": [
        "CorsIsAllowed",
        {"allowOrigins": {"Ref": "CorsAllowOrigins"}, "allowMethods": ["GET", "POST"], "maxAge": 600},
        {"Ref": "AWS::NoValue"},
    ]
}
ALLOWED = {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", {"Ref": "CorsAllowOrigins"}]}, ""]}]}


def template(written=WRITTEN):
    return {
        "Parameters": {"CorsAllowOrigins": {"Type": "CommaDelimitedList"}, "Audience": {"Type": "String"}},
        "Conditions": {"CorsIsAllowed": ALLOWED},
        "Resources": {
            "Api": {
                "Type": "AWS::ApiGatewayV2::Api",
                "Properties": {"Body": {"paths": {}, "x-amazon-apigateway-cors": written}},
            },
            "Table": {"Type": "AWS::DynamoDB::Table"},
        },
    }


def configured(origins, written=WRITTEN):
    return configuration(template(written), {"CorsAllowOrigins": origins, "Audience": "a,b"})


class Cors(unittest.TestCase):
    def test_the_origins_are_those_of_the_parameter(self):
        expected = {
            "AllowOrigins": ["https://app.example.com", "http://localhost:3000"],
            "AllowMethods": ["GET", "POST"],
            "MaxAge": 600,
        }
        self.assertEqual(configured("https://app.example.com,http://localhost:3000"), expected)

    def test_without_an_origin_there_is_none(self):
        self.assertIsNone(configured(""))

    def test_a_document_without_it_has_none(self):
        self.assertIsNone(configured("https://app.example.com", None))

    def test_a_text_with_a_comma_stays_one(self):
        self.assertEqual(configured("", {"allowOrigins": {"Ref": "Audience"}}), {"AllowOrigins": "a,b"})

    def test_what_is_not_understood_is_an_error_and_not_left_out(self):
        for written in ({"Fn::Split": [",", "a"]}, {"allowOrigins": {"Ref": "Unknown"}}):
            with self.subTest(written), self.assertRaises((ValueError, KeyError)):
                configured("https://app.example.com", written)
