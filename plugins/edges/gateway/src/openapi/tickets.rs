//! Places in line that programs on the server's machine ask for.

use hypogeum_matches::TicketError;
use hypogeum_protocol::{AccountId, PropertyFault, QueryFault, QueueRefusal};

use super::route::{Passes, Route};
use crate::error::ApiError;
use crate::tickets::{TicketBody, TicketWanted};

pub(super) fn routes() -> Vec<Route> {
    let account = AccountId(1);
    let refused = [
        QueueRefusal::PartyTooLarge { members: 4, members_max: 3 },
        QueueRefusal::MemberAway { account },
        QueueRefusal::MemberBusy { account },
        QueueRefusal::RatingsTooWide { spread: 2, spread_max: 1 },
        QueueRefusal::BadProperty { place: 0, fault: PropertyFault::BadKey },
        QueueRefusal::BadQuery { at: 0, fault: QueryFault::BadKey },
    ];
    vec![
        Route::post("/v1/tickets", "join_line", "Puts people in line for a match, from the server's own machine.")
            .takes::<TicketWanted>()
            .refuses([ApiError::InvalidTicket { field: "account_ids" }, TicketError::UnknownMode.into()])
            .refuses(refused.map(TicketError::Refused))
            .refuses([ApiError::Busy, ApiError::Draining]),
        Route::get("/v1/tickets/{id}", "show_ticket", "Why an account still waits for a match.")
            .refuses([TicketError::NoTicket]),
        Route::delete(
            "/v1/tickets/{id}",
            "leave_line",
            "Takes the ticket of an account out of line, with all it is for.",
        )
        .refuses([TicketError::NoTicket]),
    ]
    .into_iter()
    .map(|route| {
        let route = route.passes(Passes::ThisMachine);
        route.answers::<TicketBody>(200, "The ticket as it is, or was.").refuses([ApiError::NotFound])
    })
    .collect()
}
