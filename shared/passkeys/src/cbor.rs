//! CBOR, read strictly.

use ciborium::Value;

use crate::Refused;

/// Authenticators write flat values.
const MAX_DEPTH: usize = 8;

/// A map, in the order of its bytes.
pub(crate) type Map = Vec<(Value, Value)>;

/// Takes the map at the beginning of some bytes, and returns it with those after it.
///
/// Lengths must be definite and integers as short as they can be, and no key may come twice: the
/// specification has decoders refuse anything else (WebAuthn Level 3, §2.4, CTAP2 canonical CBOR),
/// since two of them could read it differently. The order of the keys is not judged.
pub(crate) fn take_map(bytes: &[u8]) -> Result<(Map, &[u8]), Refused> {
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, MAX_DEPTH);
    let value: Value = value.map_err(|_| Refused::Malformed)?;
    let read = &bytes[..bytes.len() - rest.len()];
    let mut written = Vec::with_capacity(read.len());
    ciborium::into_writer(&value, &mut written).map_err(|_| Refused::Malformed)?;
    match value {
        Value::Map(map) if written == read && are_unique(&map) => Ok((map, rest)),
        _ => Err(Refused::Malformed),
    }
}

/// Takes a map and nothing after it.
pub(crate) fn map(bytes: &[u8]) -> Result<Map, Refused> {
    match take_map(bytes)? {
        (map, []) => Ok(map),
        _ => Err(Refused::Malformed),
    }
}

/// The value of a key that is an integer, as those of a COSE key are.
pub(crate) fn at(map: &Map, label: i64) -> Option<&Value> {
    let found = map.iter().find(|(key, _)| *key == Value::from(label));
    found.map(|(_, value)| value)
}

/// The value of a key that is a text.
pub(crate) fn named<'a>(map: &'a Map, name: &str) -> Option<&'a Value> {
    let found = map.iter().find(|(key, _)| key.as_text() == Some(name));
    found.map(|(_, value)| value)
}

fn are_unique(map: &Map) -> bool {
    let is_first = |(index, (key, value)): (usize, &(Value, Value))| {
        map[..index].iter().all(|(other, _)| other != key) && are_maps_unique(value)
    };
    map.iter().enumerate().all(is_first)
}

fn are_maps_unique(value: &Value) -> bool {
    match value {
        Value::Map(map) => are_unique(map),
        Value::Array(elements) => elements.iter().all(are_maps_unique),
        Value::Tag(_, inner) => are_maps_unique(inner),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_read_with_what_follows() {
        let (map, rest) = take_map(&[0xa2, 0x01, 0x02, 0x61, b'a', 0x43, 1, 2, 3, 9]).unwrap();
        assert_eq!(at(&map, 1), Some(&Value::from(2)));
        assert_eq!(named(&map, "a"), Some(&Value::Bytes(vec![1, 2, 3])));
        assert_eq!(
            (at(&map, 2), named(&map, "b"), rest),
            (None, None, &[9][..])
        );
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        assert!(super::map(&[0xa1, 0x01, 0x02]).is_ok());
        for (bytes, why) in [
            (&[0xa1, 0x01, 0x02, 0x00][..], "something follows"),
            (&[0xa2, 0x01, 0x02, 0x01, 0x02], "a key comes twice"),
            (&[0xa1, 0x01, 0xa2, 0x01, 0x02, 0x01, 0x03], "deeper"),
            (&[0xa1, 0x01, 0x81, 0xa2, 1, 2, 1, 3], "in a list"),
            (&[0xbf, 0x01, 0x02, 0xff], "an indefinite length"),
            (&[0xa1, 0x01, 0x5f, 0x41, 1, 0xff], "an indefinite text"),
            (&[0xa1, 0x18, 0x01, 0x02], "a longer integer"),
            (&[0xb8, 0x01, 0x01, 0x02], "a longer length"),
            (&[0xa1, 0x01], "the end is missing"),
            (&[0x01], "no map"),
            (&[], "nothing"),
            (
                &[
                    0xa1, 0x01, 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                ],
                "a huge text",
            ),
        ] {
            assert!(super::map(bytes).is_err(), "{why}");
        }
        let deep = [&[0xa1, 0x01][..], &[0x81; 10_000], &[0x01]].concat();
        assert!(super::map(&deep).is_err());
    }
}
