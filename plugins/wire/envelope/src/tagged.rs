//! An enum whose variant is named in one place and whose contents stand in another: serde's own derive would have to be told of
//! each variant a second time.

use std::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, IntoDeserializer, VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

/// Reads the contents of the variant of this name.
pub(crate) struct Contents<'a, T> {
    pub(crate) variant: &'a str,
    pub(crate) read_as: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Contents<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, contents: D) -> Result<T, D::Error> {
        T::deserialize(Tagged { variant: self.variant, contents })
    }
}

struct Tagged<'a, D> {
    variant: &'a str,
    contents: D,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tagged<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, D::Error> {
        Err(D::Error::custom("only an enum has variants"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_enum(self)
    }

    fn is_human_readable(&self) -> bool {
        self.contents.is_human_readable()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de, 'a, D: Deserializer<'de>> EnumAccess<'de> for Tagged<'a, D> {
    type Error = D::Error;
    type Variant = OnlyContents<D>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, OnlyContents<D>), D::Error> {
        let name: StrDeserializer<'a, D::Error> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, OnlyContents(self.contents)))
    }
}

struct OnlyContents<D>(D);

impl<'de, D: Deserializer<'de>> VariantAccess<'de> for OnlyContents<D> {
    type Error = D::Error;

    fn unit_variant(self) -> Result<(), D::Error> {
        // Whatever stands there means nothing, as an unknown field does.
        IgnoredAny::deserialize(self.0).map(|_| ())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, D::Error> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct("payload", fields, visitor)
    }
}
