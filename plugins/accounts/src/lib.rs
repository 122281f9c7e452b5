//! Who someone is: names, passwords, access tokens and lockout.
