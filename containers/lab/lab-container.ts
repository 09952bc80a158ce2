/** What the lab's containers have in common: one interface in the lab, with addresses of our choice. */
import { GenericContainer, type StartedNetwork } from 'testcontainers';

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
