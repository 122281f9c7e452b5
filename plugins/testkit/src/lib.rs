//! What tests share: scenarios, throwaway servers, fake clients and the seeded fault relay.
