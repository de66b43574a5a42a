import unittest

from purposes import DECRYPT, EXPECTED, MAKE, findings, table


def changed(role, *may):
    return {**EXPECTED, role: EXPECTED.get(role, set()) ^ set(may)}


class Findings(unittest.TestCase):
    def test_what_is_expected_is_right(self):
        self.assertEqual(list(findings(EXPECTED)), [])

    def test_who_opens_another_purpose_is_found(self):
        for role, purpose in [("LoginFunctionRole", "factor"), ("FactorsFunctionRole", "sign"), ("NewFunctionRole", "mac")]:
            self.assertEqual(list(findings(changed(role, (DECRYPT, purpose)))), [f"{role} may {DECRYPT} for {purpose}"])

    def test_who_makes_what_others_make_is_found(self):
        found = changed("MfaFunctionRole", (MAKE, "factor"))
        self.assertEqual(list(findings(found)), [f"MfaFunctionRole may {MAKE} for factor"])

    def test_who_may_less_is_found(self):
        found = changed("MfaFunctionRole", (DECRYPT, "factor"))
        self.assertEqual(list(findings(found)), [f"MfaFunctionRole may not {DECRYPT} for factor"])

    def test_a_role_that_is_missing_is_found(self):
        found = {role: may for role, may in EXPECTED.items() if role != "LoginFunctionRole"}
        self.assertEqual(list(findings(found)), ["there is no LoginFunctionRole"])

    def test_the_table_has_a_line_for_each_role(self):
        lines = list(table(EXPECTED))
        self.assertEqual(len(lines), len(EXPECTED) + 1)
        self.assertIn("FactorsFunctionRole        -       opens   opens   -", lines)
        self.assertIn("RotateKeysFunctionRole     -       -       -       mac, factor", lines)


if __name__ == "__main__":
    unittest.main()
