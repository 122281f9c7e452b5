//! From which of this machine's addresses a datagram leaves: the one that was called.
//!
//! A socket that listens on every address learns with each datagram which of them it came to, and says with each answer
//! which of them it leaves from (`IP_PKTINFO`, `IPV6_PKTINFO`: see ip(7), ipv6(7)). Without that the system would choose by
//! the way back, and a client that called another address would take the answer for a stranger's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

use nix::cmsg_space;
use nix::errno::Errno;
use nix::libc::{in_addr, in_pktinfo, in6_addr, in6_pktinfo};
use nix::sys::socket::{ControlMessage, ControlMessageOwned, RecvMsg, SockaddrStorage, setsockopt, sockopt};
use std::net::UdpSocket;

/// What a socket speaks, and whether it serves every address of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SocketKind {
    /// An IPv6 socket; on "any" it serves IPv4 as well, with addresses mapped into IPv6.
    is_v6: bool,
    /// It listens on "any": answers have to say from which address.
    is_any: bool,
}

impl SocketKind {
    pub(crate) fn of(bound: SocketAddr) -> Self {
        Self { is_v6: bound.is_ipv6(), is_any: bound.ip().is_unspecified() }
    }

    /// Lets a socket of this kind say with each datagram which address it came to.
    pub(crate) fn ask_for_called_address(self, socket: &UdpSocket) -> Result<(), Errno> {
        match self {
            Self { is_any: false, .. } => Ok(()),
            Self { is_v6: false, .. } => setsockopt(socket, sockopt::Ipv4PacketInfo, &true),
            Self { is_v6: true, .. } => setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true),
        }
    }

    /// Room for what the system says beside one datagram; `None` where it has nothing to say.
    pub(crate) fn room(self) -> Option<Vec<u8>> {
        match self {
            Self { is_any: false, .. } => None,
            Self { is_v6: false, .. } => Some(cmsg_space!(in_pktinfo)),
            Self { is_v6: true, .. } => Some(cmsg_space!(in6_pktinfo)),
        }
    }

    /// Whether the system should have said which address a datagram came to.
    pub(crate) fn reports_called_address(self) -> bool {
        self.is_any
    }

    /// An address as the system takes it for this socket.
    pub(crate) fn to_system(self, to: SocketAddr) -> SockaddrStorage {
        match to {
            SocketAddr::V4(to) if self.is_v6 => {
                SocketAddr::from(SocketAddrV6::new(to.ip().to_ipv6_mapped(), to.port(), 0, 0)).into()
            }
            to => to.into(),
        }
    }
}

/// An address as the rest of the house knows it: IPv4 is IPv4, also through an IPv6 socket.
pub(crate) fn from_system(address: &SockaddrStorage) -> Option<SocketAddr> {
    match (address.as_sockaddr_in(), address.as_sockaddr_in6()) {
        (Some(address), _) => Some(SocketAddr::V4((*address).into())),
        (_, Some(address)) => {
            let address = SocketAddrV6::from(*address);
            Some(match address.ip().to_ipv4_mapped() {
                Some(ip) => SocketAddr::new(ip.into(), address.port()),
                None => address.into(),
            })
        }
        _ => None,
    }
}

/// The address of this machine that a datagram came to, where the system said so.
pub(crate) fn called_address(message: &RecvMsg<'_, '_, SockaddrStorage>) -> Option<IpAddr> {
    message.cmsgs().ok()?.find_map(|said| match said {
        ControlMessageOwned::Ipv4PacketInfo(info) => {
            Some(Ipv4Addr::from(info.ipi_spec_dst.s_addr.to_ne_bytes()).into())
        }
        ControlMessageOwned::Ipv6PacketInfo(info) => Some(Ipv6Addr::from(info.ipi6_addr.s6_addr).to_canonical()),
        _ => None,
    })
}

/// The control message that sets the address a datagram leaves from.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    V4(in_pktinfo),
    V6(in6_pktinfo),
}

impl Source {
    /// For a socket of `kind`; `None` leaves the choice to the system. So it does for addresses of one link only, which
    /// mean nothing without their interface.
    pub(crate) fn new(kind: SocketKind, local: Option<IpAddr>) -> Option<Self> {
        let local = local.filter(|_| kind.is_any)?;
        match (local, kind.is_v6) {
            (IpAddr::V4(ip), false) => {
                let unset = in_addr { s_addr: 0 };
                let spec_dst = in_addr { s_addr: u32::from_ne_bytes(ip.octets()) };
                Some(Self::V4(in_pktinfo { ipi_ifindex: 0, ipi_spec_dst: spec_dst, ipi_addr: unset }))
            }
            (IpAddr::V4(ip), true) => Some(Self::v6(ip.to_ipv6_mapped())),
            (IpAddr::V6(ip), true) => (!ip.is_unicast_link_local()).then(|| Self::v6(ip)),
            (IpAddr::V6(_), false) => None,
        }
    }

    fn v6(ip: Ipv6Addr) -> Self {
        Self::V6(in6_pktinfo { ipi6_addr: in6_addr { s6_addr: ip.octets() }, ipi6_ifindex: 0 })
    }

    pub(crate) fn message(&self) -> ControlMessage<'_> {
        match self {
            Self::V4(info) => ControlMessage::Ipv4PacketInfo(info),
            Self::V6(info) => ControlMessage::Ipv6PacketInfo(info),
        }
    }
}
