/** What the lab's containers have in common: one interface in the lab, with addresses of our choice. */
import { GenericContainer, type StartedNetwork } from 'testcontainers';

/** Engines switch IPv6 off on interfaces that they did not make; the tunnel (agent/world-link.ts) needs it. */
export const IPV6_ON_NEW_INTERFACES = { 'net.ipv6.conf.default.disable_ipv6': '0' };

/** An IPv6 address that a route alone makes local may be a connection's source, as IPv4 allows without being told. */
export const ANY_IPV6_SOURCE = { 'net.ipv6.ip_nonlocal_bind': '1' };

/** A container starts with the machine's own switches, and they may be on. */
export const NO_FORWARDING = {
  'net.ipv4.ip_forward': '0',
  'net.ipv6.conf.all.forwarding': '0',
  'net.ipv6.conf.default.forwarding': '0',
};

export class LabContainer extends GenericContainer {
  /**
   * Attaches the container to the lab alone. Network aliases would do it too, but attach the default bridge as well,
   * and with it a way out.
   */
  withLabAddresses(network: StartedNetwork, addresses: { ipv4: string; ipv6: string }): this {
    this.networkMode = network.getName();
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: {
        [network.getName()]: { IPAMConfig: { IPv4Address: addresses.ipv4, IPv6Address: addresses.ipv6 } },
      },
    };
    return this;
  }

  /** Sets switches of the container's own network stack. */
  withSysctls(settings: Record<string, string>): this {
    this.hostConfig.Sysctls = { ...this.hostConfig.Sysctls, ...settings };
    return this;
  }

  withHostName(name: string): this {
    this.createOpts.Hostname = name;
    return this;
  }

  /** Publishes the exposed ports on the loopback interface only, where the engine is on this machine. */
  withLoopbackPorts(local: boolean): this {
    if (!local) {
      return this;
    }
    for (const bindings of Object.values(
      (this.hostConfig.PortBindings ?? {}) as Record<string, { HostIp?: string }[]>,
    )) {
      for (const binding of bindings) {
        binding.HostIp = '127.0.0.1';
      }
    }
    return this;
  }
}
