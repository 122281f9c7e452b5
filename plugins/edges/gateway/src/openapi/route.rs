//! One route of the document: what it takes, what it answers, and why it refuses.

use utoipa::openapi::path::{HttpMethod, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::values::{AnyObject, PlainText, whole};
use crate::error::ApiError;

/// Schemas by their names.
pub(super) type Named = Vec<(String, RefOr<Schema>)>;

/// What a request passes before its route answers: as the router has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passes {
    /// No check at all: probes and public facts.
    Nothing,
    /// Only this machine may ask.
    ThisMachine,
    /// Admission, and the rate of its address.
    Strangers,
    /// Admission, the rate of the account, and an access token whose login is open.
    Accounts,
}

/// An answer other than a refusal.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) about: &'static str,
    /// Media type and schema; `None`: it has no body.
    pub(super) content: Option<(&'static str, RefOr<Schema>)>,
    pub(super) has_tag: bool,
}

/// A route as the document tells of it.
pub(super) struct Route {
    pub(super) method: HttpMethod,
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) about: &'static str,
    pub(super) passes: Passes,
    pub(super) parameters: Vec<ParameterBuilder>,
    pub(super) body: Option<RequestBodyBuilder>,
    pub(super) answers: Vec<Answer>,
    pub(super) refusals: Vec<ApiError>,
    pub(super) schemas: Named,
}

impl Route {
    /// A route for accounts. Its path is written as the router has it; what is in braces is a parameter, `{id}` and all
    /// others that are no `{key}` a number.
    pub(super) fn new(method: HttpMethod, path: &'static str, id: &'static str, about: &'static str) -> Self {
        let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        let parameters: Vec<ParameterBuilder> = names.map(path_parameter).collect();
        let mut refusals = vec![ApiError::Unavailable];
        if !parameters.is_empty() {
            refusals.push(ApiError::NotFound);
        }
        if !parameters.is_empty() || !matches!(method, HttpMethod::Get) {
            refusals.extend(body_refusals());
        }
        let (body, answers, schemas) = (None, Vec::new(), Vec::new());
        Self { method, path, id, about, passes: Passes::Accounts, parameters, body, answers, refusals, schemas }
    }

    pub(super) fn get(path: &'static str, id: &'static str, about: &'static str) -> Self {
        Self::new(HttpMethod::Get, path, id, about)
    }

    pub(super) fn post(path: &'static str, id: &'static str, about: &'static str) -> Self {
        Self::new(HttpMethod::Post, path, id, about)
    }

    pub(super) fn delete(path: &'static str, id: &'static str, about: &'static str) -> Self {
        Self::new(HttpMethod::Delete, path, id, about)
    }

    pub(super) fn passes(self, passes: Passes) -> Self {
        Self { passes, ..self }
    }

    /// Its body is this, as JSON.
    pub(super) fn takes<T: ToSchema>(self) -> Self {
        self.with_body::<T>(Required::True)
    }

    /// Its body is this, as JSON, or there is none.
    pub(super) fn may_take<T: ToSchema>(self) -> Self {
        self.with_body::<T>(Required::False)
    }

    fn with_body<T: ToSchema>(mut self, required: Required) -> Self {
        let content = ContentBuilder::new().schema(Some(self.refer::<T>())).build();
        self.body = Some(RequestBodyBuilder::new().content("application/json", content).required(Some(required)));
        self.refuses([ApiError::MalformedJson(String::new()), ApiError::UnsupportedMediaType])
    }

    /// Its query may have this whole number.
    pub(super) fn query_number(self, name: &'static str, about: &str, least: Option<u64>) -> Self {
        self.query(name, about, whole(None).minimum(least))
    }

    /// Its query may say how long a page is.
    pub(super) fn query_count(self, most: usize) -> Self {
        let about = format!("How many at most, 1 to {most}; what is beyond counts as the nearest of these.");
        self.query_number("count", &about, Some(0))
    }

    /// Its query may have this text.
    pub(super) fn query_text(self, name: &'static str, about: &str, pattern: &str) -> Self {
        self.query(name, about, ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)))
    }

    /// It answers a page of a list that grows.
    pub(super) fn page(self, cursor: &str, count_max: usize) -> Self {
        self.query_text("after", "The `next` of the page before.", cursor).query_count(count_max)
    }

    fn query(mut self, name: &'static str, about: &str, schema: ObjectBuilder) -> Self {
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query);
        let parameter = parameter.required(Required::False).description(Some(about)).schema(Some(schema));
        self.parameters.push(parameter);
        self.refusals.extend(body_refusals());
        self.refusals.push(ApiError::MalformedQuery(String::new()));
        self
    }

    /// It answers this, as JSON.
    pub(super) fn answers<T: ToSchema>(mut self, status: u16, about: &'static str) -> Self {
        let content = Some(("application/json", self.refer::<T>()));
        self.answers.push(Answer { status, about, content, has_tag: false });
        self
    }

    /// It answers one of both, as JSON.
    pub(super) fn answers_either<T: ToSchema, U: ToSchema>(mut self, status: u16, about: &'static str) -> Self {
        let either = OneOfBuilder::new().item(self.refer::<T>()).item(self.refer::<U>());
        self.answers.push(Answer { status, about, content: Some(("application/json", either.into())), has_tag: false });
        self
    }

    /// It answers this, which clients keep, as JSON, or says that the client has it.
    pub(super) fn answers_kept<T: ToSchema>(mut self, about: &'static str) -> Self {
        let schema = self.refer::<T>();
        self.kept(about, ("application/json", schema))
    }

    fn kept(mut self, about: &'static str, content: (&'static str, RefOr<Schema>)) -> Self {
        let parameter = ParameterBuilder::new().name("If-None-Match").parameter_in(ParameterIn::Header);
        let parameter =
            parameter.required(Required::False).description(Some("The `ETag` of the answer that the client has."));
        self.parameters.push(parameter.schema(Some(ObjectBuilder::new().schema_type(Type::String))));
        self.answers.push(Answer { status: 200, about, content: Some(content), has_tag: true });
        self.answers.push(Answer { status: 304, about: "The client has it.", content: None, has_tag: true });
        self
    }

    /// It answers an object that another document describes.
    pub(super) fn answers_object(self, about: &'static str) -> Self {
        self.answers::<AnyObject>(200, about)
    }

    /// It answers text, which clients keep.
    pub(super) fn answers_kept_text(self, about: &'static str) -> Self {
        self.kept(about, ("text/plain", PlainText::schema()))
    }

    /// It answers without a body.
    pub(super) fn answers_nothing(mut self, status: u16, about: &'static str) -> Self {
        self.answers.push(Answer { status, about, content: None, has_tag: false });
        self
    }

    /// It may refuse so. Only code and status of each count.
    pub(super) fn refuses<E: Into<ApiError>>(mut self, refusals: impl IntoIterator<Item = E>) -> Self {
        self.refusals.extend(refusals.into_iter().map(Into::into));
        self
    }

    /// Points to a schema, and keeps it with all that it points to.
    fn refer<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        RefOr::Ref(Ref::from_schema_name(T::name()))
    }
}

/// A body that nobody wants is read all the same.
pub(super) const fn body_refusals() -> [ApiError; 2] {
    [ApiError::BodyIncomplete, ApiError::BodyTooLarge(0)]
}

fn path_parameter(name: &str) -> ParameterBuilder {
    let (schema, about) = match name {
        "collection" => (ObjectBuilder::new().schema_type(Type::String), "What it is kept among."),
        "key" => (ObjectBuilder::new().schema_type(Type::String), "Its key."),
        "hash" => (ObjectBuilder::new().schema_type(Type::String), "64 lower hex digits."),
        "id" => (whole(None).minimum(Some(1)), "Its number, in decimal without leading zeros."),
        _ => (whole(None).minimum(Some(0)), "A number."),
    };
    let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
    parameter.description(Some(about)).schema(Some(schema))
}
