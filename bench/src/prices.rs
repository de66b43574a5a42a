//! AWS's prices: list prices in US dollars, region us-east-1, arm64, without the free tier that all of AWS has, collected on 2026-11-24 from
//! copies of its price pages and from what others wrote about them. Prices move; this is the one place to change.

/// A million requests to an HTTP API (aws.amazon.com/api-gateway/pricing, the first 300 million of a month).
pub(super) const HTTP_API: f64 = 1.00;
/// A million invocations (aws.amazon.com/lambda/pricing).
pub(super) const INVOCATIONS: f64 = 0.20;
/// A second of one GB of memory (the same page, Arm, the first tier).
pub(super) const GB_SECOND: f64 = 0.000_013_333_4;
/// A million read request units (aws.amazon.com/dynamodb/pricing/on-demand).
pub(super) const READS: f64 = 0.125;
/// A million write request units (the same page).
pub(super) const WRITES: f64 = 0.625;
/// A GB of log, as custom metrics come in too (aws.amazon.com/cloudwatch/pricing).
pub(super) const LOG_GB: f64 = 0.50;
/// A month of one KMS key, of seventeen metrics, of alarms on thirteen and of the dashboard, each beyond what is free (aws.amazon.com/kms/pricing and the page before).
pub(super) const MONTH: f64 = 1.00 + 17.0 * 0.30 + 13.0 * 0.10 + 3.00;

/// Cognito's price for each user who is active in a month, beyond so many (aws.amazon.com/cognito/pricing).
pub(super) const COGNITO: [(&str, &[(f64, f64)]); 3] = [
    ("Lite", &[(10_000.0, 0.0055), (100_000.0, 0.0046)]),
    ("Essentials", &[(10_000.0, 0.015)]),
    ("Plus", &[(0.0, 0.020)]),
];
